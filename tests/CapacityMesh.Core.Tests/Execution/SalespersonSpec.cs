using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: a person's open and reserved work never exceeds places or budget, on any path. Method: given, when, then on the decider alone.
public sealed class SalespersonSpec
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private static SalespersonCommand.Reserve Reserve(string lead, decimal effort = 1, string stage = "discovery") => new(Sample.Work(lead, stage, effort: effort), FiveMinutes, Sample.Because);

    private static DeciderSpec<SalespersonState> Active(decimal weekly = 20, int concurrent = 5) => Sample.Person().Given(new SalespersonCommand.Configure(Sample.Profile(weekly: weekly, concurrent: concurrent)));

    private static DeciderSpec<SalespersonState> Reserved() => Active().Given(Reserve("l1"));

    private static DeciderSpec<SalespersonState> Begun() => Reserved().Given(new SalespersonCommand.Begin("l1", "discovery"));

    [Fact]
    public void A_reservation_debits_capacity_and_offers_the_lead() => Active().When(Reserve("l1"))
        .ThenRecords(new SalespersonEvent.Reserved("l1", "discovery", "sales", 1))
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.OfferMade("ann", "discovery", Sample.Monday + FiveMinutes, Sample.Because))
        .ThenIs(s => SalespersonCapacity.FreePlaces(s), 4).ThenIs(s => SalespersonCapacity.FreeBudget(s, Sample.Monday), 19m);

    [Fact]
    public void Places_run_out() => Refused(Active(concurrent: 2).Given(Reserve("l1"), Reserve("l2")), Reserve("l3"));

    [Fact]
    public void The_budget_runs_out() => Refused(Active(weekly: 2.5m).Given(Reserve("l1"), Reserve("l2")), Reserve("l3"));

    [Fact]
    public void Nobody_who_is_away_elsewhere_gone_or_unknown_is_reserved()
    {
        Refused(Active().Given(new SalespersonCommand.SetStatus(PresenceStatus.Away)), Reserve("l1"));
        Refused(Active().Given(new SalespersonCommand.Remove()), Reserve("l1"));
        Refused(Sample.Person(), Reserve("l1"));
        Refused(Active(), new SalespersonCommand.Reserve(Sample.Work(pool: "founder"), FiveMinutes, Sample.Because), "founder");
    }

    [Fact]
    public void A_lead_that_is_still_held_is_refused_so_that_the_pool_looks_again() => Refused(Reserved(), Reserve("l1"));

    [Fact]
    public void The_budget_is_any_seven_days()
    {
        var spec = Active(weekly: 2).Given(Reserve("l1")).After(TimeSpan.FromDays(3)).Given(Reserve("l2"))
            .Given(new SalespersonCommand.Begin("l1", "discovery"), new SalespersonCommand.Finish("l1", "discovery"), new SalespersonCommand.Begin("l2", "discovery"), new SalespersonCommand.Finish("l2", "discovery"));
        Refused(spec.At(Sample.Monday.AddDays(7).AddTicks(-1)), Reserve("l3"));
        spec.At(Sample.Monday.AddDays(7)).Given(Reserve("l3"));
        Refused(spec.At(Sample.Monday.AddDays(10).AddTicks(-1)), Reserve("l4"));
        spec.At(Sample.Monday.AddDays(10)).When(Reserve("l4")).ThenRecordsKinds("Reserved");
    }

    [Fact]
    public void Effort_comes_back_until_the_first_contact()
    {
        Reserved().Given(new SalespersonCommand.Release("l1", "discovery")).ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 0m);
        Begun().Given(new SalespersonCommand.Release("l1", "discovery")).ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 0m);
        Begun().Given(new SalespersonCommand.NoteContact("l1"), new SalespersonCommand.Release("l1", "discovery")).ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 1m);
        Begun().Given(new SalespersonCommand.Finish("l1", "discovery")).ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 1m).ThenIs(s => s.Work.Length, 0);
    }

    [Fact]
    public void An_old_word_about_another_stage_is_not_heard()
    {
        Reserved().When(new SalespersonCommand.Release("l1", "review")).ThenNothing();
        Reserved().When(new SalespersonCommand.Finish("l1", "review")).ThenNothing();
        Active().When(new SalespersonCommand.Release("l1", "discovery")).ThenNothing();
    }

    [Fact]
    public void Work_begins_once() => Begun().When(new SalespersonCommand.Begin("l1", "discovery")).ThenNothing();

    [Fact]
    public void Work_that_is_not_held_cannot_begin_and_goes_back() => Active().When(new SalespersonCommand.Begin("l1", "discovery")).ThenRecords()
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.WorkWithdrawn("ann", "discovery", new Reason("capacityGone", "The person's capacity was given back before the work began.")));

    [Fact]
    public void A_contact_is_noted_once() => Begun().Given(new SalespersonCommand.NoteContact("l1")).When(new SalespersonCommand.NoteContact("l1")).ThenNothing();

    [Fact]
    public void An_assignment_debits_like_an_offer() => Active().When(new SalespersonCommand.Assign(Sample.Work(), false))
        .ThenRecords(new SalespersonEvent.Assigned("l1", "discovery", "sales", 1))
        .ThenSends(EntityKind.Lead, "l1", new LeadCommand.AssignmentMade("ann", "discovery")).ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 1m);

    [Fact]
    public void An_offer_that_becomes_an_assignment_is_debited_once() => Reserved().Given(new SalespersonCommand.Assign(Sample.Work(), false))
        .ThenIs(s => SalespersonCapacity.Used(s, Sample.Monday), 1m).ThenIs(s => s.Work.Single().Open, true);

    [Fact]
    public void Assigning_what_they_work_on_is_done_already() => Begun().When(new SalespersonCommand.Assign(Sample.Work(), false)).ThenNothing();

    [Fact]
    public void Assignment_refusals_come_in_order_and_override_sets_aside_all_but_capacity()
    {
        var skilled = Sample.Work(pool: "founder") with { Skills = ["de"] };
        var away = Active(concurrent: 1).Given(Reserve("x")).Given(new SalespersonCommand.SetStatus(PresenceStatus.Away));
        Sample.Person().When(new SalespersonCommand.Assign(skilled, true)).ThenRejects(SalespersonRejections.Unknown);
        Active().Given(new SalespersonCommand.Remove()).When(new SalespersonCommand.Assign(skilled, true)).ThenRejects(SalespersonRejections.Removed);
        away.When(new SalespersonCommand.Assign(skilled, false)).ThenRejects(SalespersonRejections.NotInPool);
        away.When(new SalespersonCommand.Assign(skilled with { Pool = "sales" }, false)).ThenRejects(SalespersonRejections.LacksSkill);
        away.When(new SalespersonCommand.Assign(Sample.Work(), false)).ThenRejects(SalespersonRejections.NotAvailable);
        away.When(new SalespersonCommand.Assign(skilled, true)).ThenRejects(SalespersonRejections.ConcurrencyFull);
        Active(weekly: 1).When(new SalespersonCommand.Assign(Sample.Work(effort: 2), true)).ThenRejects(SalespersonRejections.BudgetSpent);
        Active().Given(new SalespersonCommand.SetStatus(PresenceStatus.Away)).When(new SalespersonCommand.Assign(skilled, true)).ThenRecordsKinds("Assigned");
    }

    [Fact]
    public void Whoever_goes_away_keeps_the_people_they_have_spoken_to()
    {
        var spec = Begun().Given(Reserve("l2")).Given(new SalespersonCommand.NoteContact("l1")).When(new SalespersonCommand.SetStatus(PresenceStatus.Away));
        spec.ThenSends(EntityKind.Lead, "l2", new LeadCommand.WorkWithdrawn("ann", "discovery", new Reason("personAway", "The person went away before the first contact.")));
        spec.When(new SalespersonCommand.SetStatus(PresenceStatus.Away)).ThenNothing();
        Assert.Equal(2, spec.State.Work.Length);
    }

    [Fact]
    public void Whoever_leaves_gives_everything_back_and_leaves_the_pools()
    {
        var spec = Begun().Given(Reserve("l2")).When(new SalespersonCommand.Remove());
        spec.ThenRecords(new SalespersonEvent.Removed()).ThenSends(EntityKind.Pool, "sales", new PoolCommand.MemberLeft("ann")).ThenClears(SalespersonTimers.Calendar);
        foreach (var lead in new[] { "l1", "l2" }) spec.ThenSends(EntityKind.Lead, lead, new LeadCommand.WorkWithdrawn("ann", "discovery", new Reason("personRemoved", "The person left.")));
        spec.When(new SalespersonCommand.Remove()).ThenNothing();
        spec.When(new SalespersonCommand.SetStatus(PresenceStatus.Available)).ThenRejects(SalespersonRejections.Removed);
        spec.When(new SalespersonCommand.Release("l1", "discovery")).ThenRecords(new SalespersonEvent.Released("l1"));
        spec.When(new SalespersonCommand.Begin("l2", "discovery")).ThenRecords(new SalespersonEvent.Begun("l2"));
    }

    [Fact]
    public void A_changed_profile_leaves_pools_and_cannot_be_nonsense()
    {
        Active().When(new SalespersonCommand.Configure(Sample.Profile("founder"))).ThenSends(EntityKind.Pool, "sales", new PoolCommand.MemberLeft("ann"));
        Active().When(new SalespersonCommand.Configure(Sample.Profile(concurrent: 0))).ThenRejects(SalespersonRejections.InvalidProfile);
        Active().When(new SalespersonCommand.Configure(Sample.Profile() with { Pools = [] })).ThenRejects(SalespersonRejections.InvalidProfile);
    }

    [Fact]
    public void A_person_who_came_back_serves_again() => Active().Given(new SalespersonCommand.Remove()).When(new SalespersonCommand.Configure(Sample.Profile())).ThenRecordsKinds("Configured").ThenIs(s => s.Phase, SalespersonPhase.Active);

    [Fact]
    public void The_supply_ahead_is_told_again_at_the_next_change()
    {
        Active().When(new SalespersonCommand.TimerElapsed(SalespersonTimers.Calendar)).ThenRecords().ThenSets(SalespersonTimers.Calendar, Sample.Monday.AddHours(6));
        Reserved().At(Sample.Monday.AddDays(7).AddHours(-1)).When(new SalespersonCommand.TimerElapsed(SalespersonTimers.Calendar)).ThenSets(SalespersonTimers.Calendar, Sample.Monday.AddDays(7));
    }

    private static void Refused(DeciderSpec<SalespersonState> spec, SalespersonCommand.Reserve command, string pool = "sales")
    {
        spec.When(command).ThenRecords();
        var report = SalespersonCapacity.ReportOf(spec.State, spec.Now);
        if (!spec.State.Profile.Pools.Contains(pool)) report = report with { Takes = false };
        spec.ThenSends(EntityKind.Pool, pool, new PoolCommand.Refused(command.Work.LeadId, "ann", report));
    }
}
