using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: who waits, who is asked, in which order, and that nobody is forgotten. Method: given, when, then on the decider alone.
public sealed class PoolSpec
{
    private static readonly DateTimeOffset Starts = Sample.Monday.AddDays(3);

    private static DeciderSpec<PoolState> People() => Sample.Pool().Given(new PoolCommand.Configure(PoolKind.People, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromHours(1)));

    private static DeciderSpec<PoolState> Slots() => Sample.Pool("onboarding").Given(new PoolCommand.Configure(PoolKind.Slots, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromHours(1)));

    private static PoolCommand.Enqueue Enqueue(string lead, int minute = 0, params string[] skills) => new(Sample.Queued(lead, Sample.Monday.AddMinutes(minute), skills: skills));

    private static PoolCommand.MemberReported Member(string person, MemberReport? report = null) => new(person, report ?? Sample.Member());

    private static DeciderSpec<PoolState> Placed() => People().Given(Member("ann")).Given(Enqueue("l1"));

    [Fact]
    public void A_lead_without_anybody_waits() => People().When(Enqueue("l1")).ThenRecordsKinds("LeadQueued").ThenIs(s => s.Stages["discovery"].Queued, 1).ThenIs(s => s.ArrivedFromGate, 1L);

    [Fact]
    public void A_lead_is_handed_to_whoever_has_room() => People().Given(Member("ann")).When(Enqueue("l1"))
        .ThenRecordsKinds("LeadQueued", "LeadMatched")
        .ThenIs(s => (s.Members["ann"].Free, s.Members["ann"].Budget), (4, 19m))
        .ThenIs(s => (s.Stages["discovery"].Queued, s.Stages["discovery"].Placed), (0, 1));

    [Fact]
    public void Handed_out_work_is_gone_from_the_supply_ahead() => People().Given(Member("ann")).Given(Enqueue("l1")).ThenIs(s => s.Members["ann"].Startable[1], Sample.Member().Startable[1] - 1);

    [Fact]
    public void Entering_twice_is_once() => Placed().When(Enqueue("l1")).ThenNothing();

    [Fact]
    public void Who_comes_first_is_served_first_whatever_the_order_of_arrival() => People().Given(Enqueue("late", 9), Enqueue("early", 1))
        .When(Member("ann", Sample.Member(free: 1))).ThenRecords(new PoolEvent.MemberReported("ann", Sample.Member(free: 1)), new PoolEvent.LeadMatched("early", "ann"));

    [Fact]
    public void A_head_nobody_can_serve_does_not_block_the_others() => People().Given(Enqueue("german", 0, "de"), Enqueue("plain", 5)).When(Member("ann")).ThenRecordsKinds("MemberReported", "LeadMatched").ThenIs(s => s.Placed.Single().Key, "plain");

    [Theory]
    [InlineData("free", "bob")]
    [InlineData("budget", "bob")]
    [InlineData("idle", "bob")]
    [InlineData("id", "ann")]
    public void The_least_loaded_is_asked_then_the_least_spent_then_the_longest_idle_then_by_id(string difference, string asked)
    {
        var bob = difference switch
        {
            "free" => Sample.Member(free: 4),
            "budget" => Sample.Member(free: 3, budget: 15),
            "idle" => Sample.Member(free: 3, budget: 10, lastOfferedAt: Sample.Monday.AddHours(-2)),
            _ => Sample.Member(free: 3, budget: 10, lastOfferedAt: Sample.Monday.AddHours(-1)),
        };
        People().Given(Member("bob", bob), Member("ann", Sample.Member(free: 3, budget: 10, lastOfferedAt: Sample.Monday.AddHours(-1))))
            .Given(Enqueue("l1")).ThenIs(s => s.Placed["l1"].Holder, asked);
    }

    [Fact]
    public void Whoever_let_a_lead_go_is_asked_again_after_a_while_and_others_before()
    {
        var spec = Placed().When(new PoolCommand.Requeue("l1", "ann")).ThenRecordsKinds("LeadRequeued", "WakePlanned").ThenSets(PoolTimers.Match, Sample.Monday.AddHours(1));
        spec.When(Member("bob")).ThenRecordsKinds("MemberReported", "LeadMatched").ThenIs(s => s.Placed["l1"].Holder, "bob");
        Placed().Given(new PoolCommand.Requeue("l1", "ann")).At(Sample.Monday.AddHours(1).AddTicks(-1)).When(new PoolCommand.TimerElapsed(PoolTimers.Match)).ThenNothing();
        Placed().Given(new PoolCommand.Requeue("l1", "ann")).At(Sample.Monday.AddHours(1)).When(new PoolCommand.TimerElapsed(PoolTimers.Match)).ThenRecordsKinds("WakePlanned", "LeadMatched");
    }

    [Fact]
    public void A_lead_that_comes_back_by_a_refusal_is_woken_when_its_own_cool_down_ends()
    {
        var spec = Placed().Given(new PoolCommand.Requeue("l1", "ann")).After(TimeSpan.FromMinutes(30)).Given(Member("bob")).Given(new PoolCommand.Requeue("l1", "bob")).Given(Member("cid"));
        spec.At(Sample.Monday.AddHours(1)).Given(new PoolCommand.TimerElapsed(PoolTimers.Match)).ThenIs(s => s.WakeAt, null);
        spec.Given(new PoolCommand.MemberLeft("ann")).When(new PoolCommand.Refused("l1", "cid", Sample.Member(free: 0)))
            .ThenRecordsKinds("MemberReported", "LeadRequeued", "WakePlanned").ThenSets(PoolTimers.Match, Sample.Monday.AddMinutes(90));
    }

    [Fact]
    public void A_lead_put_back_keeps_its_place() => Placed().Given(Enqueue("l2", 5)).Given(new PoolCommand.Taken("l2", "ann")).Given(new PoolCommand.Requeue("l1", "ann"))
        .Given(Enqueue("l3", 7)).ThenIs(s => s.Waiting.PositionOf("l1"), 1);

    [Fact]
    public void A_refusal_corrects_the_picture() => Placed().When(new PoolCommand.Refused("l1", "ann", Sample.Member(free: 0))).ThenRecordsKinds("MemberReported", "LeadRequeued").ThenIs(s => s.Waiting.Count, 1);

    [Fact]
    public void A_refusal_that_a_newer_report_overtook_puts_the_lead_back_and_leaves_the_picture() =>
        Placed().Given(new PoolCommand.MemberReported("ann", Sample.Member(free: 2) with { Revision = 9 }))
            .When(new PoolCommand.Refused("l1", "ann", Sample.Member(free: 0) with { Revision = 8 })).ThenRecordsKinds("LeadRequeued", "LeadMatched").ThenIs(s => s.Placed["l1"].Holder, "ann");

    [Fact]
    public void An_older_report_changes_nothing() =>
        Placed().Given(new PoolCommand.MemberReported("ann", Sample.Member(free: 2) with { Revision = 9 })).When(new PoolCommand.MemberReported("ann", Sample.Member(free: 0) with { Revision = 8 })).ThenNothing();

    [Fact]
    public void A_refusal_of_somebody_else_moves_nothing() => Placed().When(new PoolCommand.Refused("l1", "zoe", Sample.Member())).ThenNothing();

    [Fact]
    public void Work_is_counted_from_taken_to_done()
    {
        var spec = Placed().After(TimeSpan.FromMinutes(10)).Given(new PoolCommand.Taken("l1", "ann")).ThenIs(s => s.Stages["discovery"].Working, 1).ThenIs(s => s.WaitSecondsMean, 600.0);
        spec.When(new PoolCommand.Taken("l1", "ann")).ThenNothing();
        spec.When(new PoolCommand.Done("l1", StageOutcome.Passed)).ThenRecords(new PoolEvent.LeadDone("l1", StageOutcome.Passed)).ThenIs(s => (s.Stages["discovery"].Working, s.Stages["discovery"].PassedTotal), (0, 1L));
        spec.When(new PoolCommand.Done("l1", StageOutcome.Passed)).ThenNothing();
        spec.When(new PoolCommand.Leave("l1")).ThenNothing();
    }

    [Fact]
    public void Outcomes_fade_so_that_the_last_one_or_two_hundred_count()
    {
        var spec = People();
        for (var i = 0; i < 600; i++) spec.Given(Enqueue($"l{i}")).Given(new PoolCommand.Done($"l{i}", i % 4 == 0 ? StageOutcome.Passed : StageOutcome.Lost));
        var counts = spec.State.Stages["discovery"];
        Assert.InRange(counts.Passed / (counts.Passed + counts.Lost), 0.24, 0.26);
        Assert.Equal((150, 450), (counts.PassedTotal, counts.LostTotal));
        Assert.InRange(counts.Passed + counts.Lost, 90, 210);
    }

    [Fact]
    public void More_than_one_turn_can_hand_out_goes_on_at_once()
    {
        var spec = People();
        for (var i = 0; i < 250; i++) spec.Given(Enqueue($"l{i:000}"));
        spec.When(Member("ann", Sample.Member(free: 300, concurrent: 300, budget: 300))).ThenSets(PoolTimers.Match, Sample.Monday).ThenIs(s => s.Placed.Count, 200);
        spec.Given(new PoolCommand.TimerElapsed(PoolTimers.Match)).ThenIs(s => s.Placed.Count, 250);
    }

    [Fact]
    public void A_slot_goes_to_who_waits_longest_and_the_earliest_slot_first()
    {
        var spec = Slots().Given(new PoolCommand.Enqueue(Sample.Queued("l2", Sample.Monday.AddHours(2), "onboarding")), new PoolCommand.Enqueue(Sample.Queued("l1", Sample.Monday, "onboarding")));
        spec.Given(new PoolCommand.SlotReported("late", SlotPhase.Held, Starts.AddDays(1), Starts.AddDays(2)), new PoolCommand.SlotReported("early", SlotPhase.Open, Starts, Starts.AddHours(4)));
        spec.ThenSends(EntityKind.DeliverySlot, "early", new SlotCommand.Hold("l1", "onboarding", TimeSpan.FromDays(1))).ThenIs(s => s.Slots["early"].Phase, SlotPhase.Held);
        spec.When(new PoolCommand.SlotRefused("l1", "early")).ThenRecordsKinds("LeadRequeued");
    }

    [Fact]
    public void A_slot_that_has_begun_is_not_handed_out() => Slots().Given(new PoolCommand.SlotReported("s1", SlotPhase.Open, Starts, Starts.AddHours(4))).At(Starts)
        .When(new PoolCommand.Enqueue(Sample.Queued("l1", Starts, "onboarding"))).ThenRecordsKinds("LeadQueued");

    [Fact]
    public void A_slot_may_touch_but_not_overlap_another()
    {
        var spec = Slots().Given(new PoolCommand.PlanSlot("s1", Starts, Starts.AddHours(4)));
        spec.When(new PoolCommand.PlanSlot("s2", Starts.AddHours(4).AddTicks(-1), Starts.AddHours(8))).ThenRejects(PoolRejections.Overlaps);
        spec.When(new PoolCommand.PlanSlot("s2", Starts.AddHours(-4), Starts.AddTicks(1))).ThenRejects(PoolRejections.Overlaps);
        spec.When(new PoolCommand.PlanSlot("s2", Starts.AddHours(4), Starts.AddHours(8))).ThenRecordsKinds("SlotReported").ThenSends(EntityKind.DeliverySlot, "s2", new SlotCommand.Configure("onboarding", Starts.AddHours(4), Starts.AddHours(8)));
        spec.When(new PoolCommand.PlanSlot("s1", Starts.AddHours(-2), Starts.AddHours(2))).ThenRecordsKinds("SlotReported");
        spec.When(new PoolCommand.PlanSlot("s3", Starts.AddHours(2), Starts.AddHours(4))).ThenRecordsKinds("SlotReported");
    }

    [Fact]
    public void Slot_refusals_come_in_order()
    {
        var backwards = new PoolCommand.PlanSlot("s1", Sample.Monday.AddDays(-1), Sample.Monday.AddDays(-2));
        Sample.Pool().When(backwards).ThenRejects(PoolRejections.Unknown);
        People().When(backwards).ThenRejects(PoolRejections.NotOfSlots);
        Slots().When(backwards).ThenRejects(PoolRejections.EndsBeforeStart);
        Slots().When(new PoolCommand.PlanSlot("s1", Sample.Monday.AddDays(-1), Sample.Monday)).ThenRejects(PoolRejections.InThePast);
        Slots().When(new PoolCommand.PlanSlot("s1", Starts, Sample.Monday + Limits.DurationMax + TimeSpan.FromTicks(1))).ThenRejects(PoolRejections.TooFarAhead);
    }

    [Fact]
    public void A_slot_whose_time_is_over_leaves_the_plan() => Slots().Given(new PoolCommand.PlanSlot("s1", Starts, Starts.AddHours(4)))
        .When(new PoolCommand.SlotReported("s1", SlotPhase.Missed, Starts, Starts.AddHours(4))).ThenRecords(new PoolEvent.SlotLeft("s1"));

    [Fact]
    public void Unchanged_news_is_no_news()
    {
        Placed().Given(Member("bob")).When(Member("bob")).ThenNothing();
        People().When(new PoolCommand.Configure(PoolKind.People, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromHours(1))).ThenNothing();
        People().When(new PoolCommand.MemberLeft("zoe")).ThenNothing();
    }

    [Theory]
    [InlineData("misconfigured")]
    [InlineData("noMatch")]
    [InlineData("suspended")]
    [InlineData("coolingDown")]
    [InlineData("waitingForCapacity")]
    public void Why_a_lead_waits_is_told_in_order(string code)
    {
        var spec = code is "noMatch" ? People().Given(Enqueue("l1", 0, "de")) : People().Given(Enqueue("l1"));
        if (code is not "misconfigured") spec.Given(Member("ann", code switch
        {
            "suspended" => Sample.Member(takes: false),
            "waitingForCapacity" => Sample.Member(free: 0),
            _ => Sample.Member(),
        }));
        if (code is "coolingDown") spec.Given(new PoolCommand.Requeue("l1", "ann"));
        var why = PoolExplanation.Of(spec.State, "sales", "l1", spec.Now);
        Assert.Equal((code, 1), (why!.Reason.Code, why.Position));
        Assert.NotEmpty(why.WouldChange);
    }
}
