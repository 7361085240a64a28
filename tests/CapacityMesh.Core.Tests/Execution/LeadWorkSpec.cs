using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Execution;

// Goal: a stage of people from offer to outcome, with everything that may cross it. Method: given, when, then on the decider alone.
public sealed class LeadWorkSpec
{
    private static readonly DateTimeOffset OfferEnds = Sample.Monday.AddMinutes(5);

    private static DeciderSpec<LeadState> Queued() => Sample.Lead().Given(new LeadCommand.Open(Sample.Submission(), new Verdict(IntakeDecision.Admitted, 1, 1, null, Sample.Because)));

    private static LeadCommand.OfferMade Offer(string person = "ann", string stage = "discovery") => new(person, stage, OfferEnds, Sample.Because);

    private static DeciderSpec<LeadState> Offered() => Queued().Given(Offer());

    private static DeciderSpec<LeadState> Working() => Offered().Given(new LeadCommand.Accept("ann"));

    private static SalespersonCommand.Release Release(string stage = "discovery") => new("l1", stage);

    [Fact]
    public void An_offer_stands_until_its_deadline() => Queued().When(Offer()).ThenRecords(new LeadEvent.Offered("ann", OfferEnds, Sample.Because)).ThenSets(LeadTimers.Until, OfferEnds);

    [Fact]
    public void A_repeated_offer_changes_nothing() => Offered().When(Offer()).ThenNothing();

    [Fact]
    public void A_second_offer_goes_back_at_once() => Offered().When(Offer("bob")).ThenRecords().ThenSends(EntityKind.Salesperson, "bob", Release());

    [Fact]
    public void An_offer_for_a_stage_that_is_behind_goes_back() => Queued().When(Offer(stage: "review")).ThenRecords().ThenSends(EntityKind.Salesperson, "ann", Release("review"));

    [Fact]
    public void An_offer_for_an_earlier_place_in_the_same_queue_goes_back()
    {
        Queued().When(Offer() with { Place = Sample.Monday.AddHours(-1) }).ThenRecords().ThenSends(EntityKind.Salesperson, "ann", Release());
        Queued().When(Offer() with { Place = Sample.Monday }).ThenRecordsKinds("Offered");
    }

    [Fact]
    public void An_offer_for_a_closed_lead_goes_back() => Queued().Given(new LeadCommand.Retract(LeadReasons.Retracted)).When(Offer()).ThenSends(EntityKind.Salesperson, "ann", Release());

    [Fact]
    public void Acceptance_begins_the_work_the_lease_and_the_first_response() => Offered()
        .When(new LeadCommand.Accept("ann"))
        .ThenRecords(new LeadEvent.Accepted("ann", Sample.Monday.AddDays(14), Sample.Monday.AddHours(1), Assigned: false))
        .ThenSends(EntityKind.Salesperson, "ann", new SalespersonCommand.Begin("l1", "discovery"))
        .ThenSends(EntityKind.Pool, "sales", new PoolCommand.Taken("l1", "ann"))
        .ThenSets(LeadTimers.Until, Sample.Monday.AddDays(14)).ThenSets(LeadTimers.Contact, Sample.Monday.AddHours(1)).ThenClears(LeadTimers.Promise);

    [Fact]
    public void Accepting_twice_is_once() => Working().When(new LeadCommand.Accept("ann")).ThenNothing();

    [Fact]
    public void Only_who_was_offered_may_accept() => Offered().When(new LeadCommand.Accept("bob")).ThenRejects(LeadRejections.NotOffered);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void An_offer_cannot_be_accepted_from_exactly_its_deadline_on(int seconds, bool accepted)
    {
        var spec = Offered().At(OfferEnds.AddSeconds(seconds)).When(new LeadCommand.Accept("ann"));
        if (accepted) spec.ThenRecordsKinds("Accepted");
        else spec.ThenRejects(LeadRejections.OfferExpired);
    }

    [Fact]
    public void An_unanswered_offer_returns_capacity_and_place() => Offered()
        .At(OfferEnds).When(new LeadCommand.TimerElapsed(LeadTimers.Until))
        .ThenRecords(new LeadEvent.OfferEnded("ann", LeadReasons.OfferExpired))
        .ThenSends(EntityKind.Salesperson, "ann", Release())
        .ThenSends(EntityKind.Pool, "sales", new PoolCommand.Requeue("l1", "ann"))
        .ThenIs(s => s.Place, Sample.Monday);

    [Fact]
    public void An_offer_timer_that_comes_after_the_acceptance_waits_for_the_lease() => Working()
        .At(OfferEnds).When(new LeadCommand.TimerElapsed(LeadTimers.Until)).ThenRecords().ThenSets(LeadTimers.Until, Sample.Monday.AddDays(14));

    [Fact]
    public void A_declined_offer_says_why() => Offered()
        .When(new LeadCommand.Decline("ann", "on a train"))
        .ThenRecords(new LeadEvent.OfferEnded("ann", LeadReasons.Declined with { Text = "The offer was declined: on a train" }));

    [Fact]
    public void Only_who_was_offered_may_decline() => Working().When(new LeadCommand.Decline("ann", null)).ThenRejects(LeadRejections.NotOffered);

    [Fact]
    public void An_assignment_asks_the_person_first() => Queued()
        .When(new LeadCommand.Assign("bob", Override: true)).ThenRecords()
        .ThenSends(EntityKind.Salesperson, "bob", new SalespersonCommand.Assign(Sample.Work(), Override: true));

    [Fact]
    public void An_assignment_takes_the_offer_from_somebody_else() => Offered()
        .When(new LeadCommand.AssignmentMade("bob", "discovery"))
        .ThenRecords(new LeadEvent.OfferEnded("ann", LeadReasons.Reassigned), new LeadEvent.Accepted("bob", Sample.Monday.AddDays(14), Sample.Monday.AddHours(1), Assigned: true))
        .ThenSends(EntityKind.Salesperson, "ann", Release()).ThenSends(EntityKind.Salesperson, "bob", new SalespersonCommand.Begin("l1", "discovery"));

    [Fact]
    public void An_assignment_takes_the_work_from_somebody_else() => Working()
        .When(new LeadCommand.AssignmentMade("bob", "discovery")).ThenRecordsKinds("Returned", "Accepted").ThenIs(s => s.Person, "bob");

    [Fact]
    public void An_assignment_for_a_stage_that_is_behind_goes_back() => Working()
        .Given(new LeadCommand.Complete("ann", StageOutcome.Passed, null, null))
        .When(new LeadCommand.AssignmentMade("bob", "discovery")).ThenRecords().ThenSends(EntityKind.Salesperson, "bob", Release());

    [Fact]
    public void Assigning_to_whoever_works_on_it_is_done_already() => Working().When(new LeadCommand.Assign("ann", false)).ThenNothing();

    [Fact]
    public void A_person_who_goes_away_gives_offer_and_work_back()
    {
        Offered().When(new LeadCommand.WorkWithdrawn("ann", "discovery", Sample.Because)).ThenRecords(new LeadEvent.OfferEnded("ann", Sample.Because));
        Working().When(new LeadCommand.WorkWithdrawn("ann", "discovery", Sample.Because)).ThenRecords(new LeadEvent.Returned("ann", Sample.Because));
        Working().When(new LeadCommand.WorkWithdrawn("bob", "discovery", Sample.Because)).ThenNothing();
        Working().When(new LeadCommand.WorkWithdrawn("ann", "review", Sample.Because)).ThenNothing();
    }

    [Fact]
    public void The_first_contact_renews_the_lease_and_ends_the_first_response() => Working()
        .After(TimeSpan.FromMinutes(30)).When(new LeadCommand.Contacted("ann"))
        .ThenRecords(new LeadEvent.Contacted("ann", Sample.Monday.AddDays(14).AddMinutes(30))).ThenClears(LeadTimers.Contact)
        .ThenSends(EntityKind.Salesperson, "ann", new SalespersonCommand.NoteContact("l1")).ThenIs(s => s.FirstContactAt, Sample.Monday.AddMinutes(30));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void Work_nobody_contacted_returns_at_exactly_the_first_response(int seconds, bool returned)
    {
        var spec = Working().At(Sample.Monday.AddHours(1).AddSeconds(seconds)).When(new LeadCommand.TimerElapsed(LeadTimers.Contact));
        if (returned) spec.ThenRecords(new LeadEvent.Returned("ann", LeadReasons.FirstResponseMissed)).ThenSets(LeadTimers.Promise, Sample.Monday.AddDays(2));
        else spec.ThenNothing();
    }

    [Fact]
    public void A_stage_that_is_left_says_how_long_it_waited_and_how_long_it_was_in_hand()
    {
        // Taken after 2 minutes, given back after 10, taken by another after 5 more, passed after 20.
        var spec = Queued().Given(Offer()).After(TimeSpan.FromMinutes(2)).Given(new LeadCommand.Accept("ann")).After(TimeSpan.FromMinutes(10)).Given(new LeadCommand.Return("ann", null));
        spec.Given(new LeadCommand.OfferMade("bob", "discovery", spec.Now.AddMinutes(9), Sample.Because)).After(TimeSpan.FromMinutes(5)).Given(new LeadCommand.Accept("bob"))
            .After(TimeSpan.FromMinutes(20)).Given(new LeadCommand.Complete("bob", StageOutcome.Passed, null, null));
        var visit = new StageVisit(0, "discovery", "sales", Sample.Monday, Sample.Monday.AddMinutes(37), TimeSpan.FromMinutes(30), Served: true, Broken: false, VisitEnd.Passed);
        Assert.Equal(visit, Assert.Single(spec.State.Visits));
        spec.After(TimeSpan.FromMinutes(1)).Given(new LeadCommand.Retract(LeadReasons.Retracted));
        Assert.Equal((VisitEnd.Left, false, TimeSpan.Zero), (spec.State.Visits[1].End, spec.State.Visits[1].Served, spec.State.Visits[1].Worked));
    }

    [Fact]
    public void A_lead_that_lives_again_begins_a_visit_of_its_own()
    {
        var spec = Working().Given(new LeadCommand.Complete("ann", StageOutcome.Lost, null, null)).After(TimeSpan.FromDays(1)).Given(new LeadCommand.Reopen());
        Assert.Equal(VisitEnd.Lost, Assert.Single(spec.State.Visits).End);
        spec.After(TimeSpan.FromHours(1)).Given(new LeadCommand.Retract(LeadReasons.Retracted));
        Assert.Equal((2, Sample.Monday.AddDays(1)), (spec.State.Visits.Length, spec.State.Visits[1].EnteredAt));
    }

    [Fact]
    public void A_contact_timer_after_the_contact_is_late() => Working().Given(new LeadCommand.Contacted("ann")).After(TimeSpan.FromHours(2)).When(new LeadCommand.TimerElapsed(LeadTimers.Contact)).ThenNothing();

    [Fact]
    public void Untouched_work_returns_when_its_lease_ends() => Working().Given(new LeadCommand.Contacted("ann"))
        .After(TimeSpan.FromDays(14)).When(new LeadCommand.TimerElapsed(LeadTimers.Until)).ThenRecords(new LeadEvent.Returned("ann", LeadReasons.WorkUntouched));

    [Fact]
    public void An_operator_may_return_work_for_the_person()
    {
        Working().When(new LeadCommand.Return(null, null)).ThenRecordsKinds("Returned");
        Working().When(new LeadCommand.Return("bob", null)).ThenRejects(LeadRejections.NotTheirWork);
        Queued().When(new LeadCommand.Return(null, null)).ThenRejects(LeadRejections.NotTheirWork);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void A_promise_breaks_at_exactly_its_end_while_nobody_serves_the_lead(int seconds, bool broken)
    {
        var spec = Queued().At(Sample.Monday.AddDays(2).AddSeconds(seconds)).When(new LeadCommand.TimerElapsed(LeadTimers.Promise));
        if (!broken) spec.ThenNothing();
        else spec.ThenRecords(new LeadEvent.PromiseBroken("discovery")).ThenSends(EntityKind.Pool, "sales", new PoolCommand.NotePromiseBroken("l1"));
    }

    [Fact]
    public void A_promise_breaks_once_and_never_while_somebody_works()
    {
        Queued().After(TimeSpan.FromDays(3)).Given(new LeadCommand.TimerElapsed(LeadTimers.Promise)).When(new LeadCommand.TimerElapsed(LeadTimers.Promise)).ThenNothing();
        Working().After(TimeSpan.FromDays(3)).When(new LeadCommand.TimerElapsed(LeadTimers.Promise)).ThenNothing();
    }

    [Fact]
    public void A_passed_stage_leads_to_the_next_pool() => Working()
        .When(new LeadCommand.Complete("ann", StageOutcome.Passed, null, null))
        .ThenRecordsKinds("StagePassed", "StageEntered")
        .ThenSends(EntityKind.Salesperson, "ann", new SalespersonCommand.Finish("l1", "discovery"))
        .ThenSends(EntityKind.Pool, "sales", new PoolCommand.Done("l1", StageOutcome.Passed))
        .ThenSends(EntityKind.Pool, "founder", new PoolCommand.Enqueue(new QueuedLead("l1", "review", 1, Sample.Monday, 1, 1, [], Sample.Monday)));

    [Fact]
    public void A_lead_ends_on_the_version_that_it_began_on() => Working()
        .When(new LeadCommand.Complete("ann", StageOutcome.Passed, null, null)).ThenIs(s => s.Process, 1).ThenIs(s => s.Stage, "review");

    [Fact]
    public void A_lost_lead_is_over_and_counted() => Working()
        .When(new LeadCommand.Complete("ann", StageOutcome.Lost, "price", null))
        .ThenRecords(new LeadEvent.Lost("discovery", "ann", new Reason("lost", "Lost at discovery: price.")))
        .ThenSends(EntityKind.Campaign, "ads", new CampaignCommand.Count(Outcome.Lost, null, "discovery"))
        .ThenSends(EntityKind.Contact, "c1", new ContactCommand.LeadEnded("l1"))
        .ThenClears(LeadTimers.Until, LeadTimers.Promise, LeadTimers.Contact);

    [Fact]
    public void A_winning_stage_wins_with_its_value() => Working()
        .Given(new LeadCommand.Complete("ann", StageOutcome.Passed, null, null)).Given(Offer("fay", "review")).Given(new LeadCommand.Accept("fay"))
        .When(new LeadCommand.Complete("fay", StageOutcome.Passed, null, new Money(900, "EUR")))
        .ThenRecordsKinds("StagePassed", "Won", "StageEntered").ThenSends(EntityKind.Campaign, "ads", new CampaignCommand.Count(Outcome.Won, new Money(900, "EUR")));

    [Fact]
    public void Work_at_people_refuses_what_belongs_to_slots_and_to_others()
    {
        Working().When(new LeadCommand.Book("s1")).ThenRejects(LeadRejections.StageOfPeople);
        Working().When(new LeadCommand.Complete("bob", StageOutcome.Passed, null, null)).ThenRejects(LeadRejections.NotTheirWork);
        Working().When(new LeadCommand.Contacted("bob")).ThenRejects(LeadRejections.NotTheirWork);
        Offered().When(new LeadCommand.Contacted("ann")).ThenRejects(LeadRejections.NotTheirWork);
        Working().When(new LeadCommand.Start()).ThenRejects(LeadRejections.NotBooked);
    }
}
