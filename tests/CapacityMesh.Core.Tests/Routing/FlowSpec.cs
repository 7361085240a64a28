using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: the gate's word, the waitlist's order, the counts, the constraint and the advice to campaigns. Method: given, when, then on the decider alone.
public sealed class FlowSpec
{
    private static PoolReport Report(string pool, int units = 40, int people = 2, int available = 2, PoolKind kind = PoolKind.People, long arrived = 0, params StageCounts[] stages) =>
        new(pool, kind, [.. stages], arrived, [.. Horizons.All.Select(h => (decimal)units)], units, people, available, null, 0, 0, 0);

    private static FlowCommand.PoolReported Reported(PoolReport report) => new(report);

    private static FlowCommand.Admit Admit(string lead, string campaign = "ads", decimal? value = null) => new(Sample.Submission(lead, campaign: campaign) with { Value = value is { } v ? new Money(v, "EUR") : null });

    private static DeciderSpec<FlowState> Published(WaitlistRules? waitlist = null) => Sample.Flow().Given(new FlowCommand.DefineProcess(Sample.Story() with { Waitlist = waitlist ?? WaitlistRules.Default }));

    private static DeciderSpec<FlowState> Open(int slots = 30, WaitlistRules? waitlist = null) => Published(waitlist).Given(
        Reported(Report("sales")), Reported(Report("founder", people: 1, available: 1)), Reported(Report("onboarding", slots, slots, slots, PoolKind.Slots)));

    private static DeciderSpec<FlowState> Closed(WaitlistRules? waitlist = null) => Open(slots: 0, waitlist);

    private static LeadCommand.Open? Word(DeciderSpec<FlowState> spec, string lead) =>
        (LeadCommand.Open?)Machine.For(EntityKind.Flow).Decide(spec.State, Admit(lead), new Turn(spec.Self, spec.Now, new FakeWorld())).Effects.OfType<Effect.Send>().Single(s => s.Command is LeadCommand.Open).Command;

    [Fact]
    public void A_process_is_published_with_the_next_version_and_configures_its_pools() => Sample.Flow()
        .When(new FlowCommand.DefineProcess(Sample.Story(7)))
        .ThenAnswers<ProcessPublished>(a => Assert.Equal(1, a.Version)).ThenSets(FlowTimers.Tick, Sample.Monday.AddMinutes(5))
        .ThenSends(EntityKind.Pool, "onboarding", new PoolCommand.Configure(PoolKind.Slots, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromHours(1)));

    [Fact]
    public void A_bad_process_is_refused_before_a_changed_pool()
    {
        var turned = Sample.Story() with { Pools = [.. Sample.Story().Pools.Select(p => p with { Kind = PoolKind.People })] };
        Published().When(new FlowCommand.DefineProcess(turned with { Risk = 2 })).ThenRejects(FlowRejections.InvalidProcess);
        Published().When(new FlowCommand.DefineProcess(turned)).ThenRejects(FlowRejections.PoolKindChanged);
    }

    [Theory]
    [InlineData("noProcess", "misconfigured")]
    [InlineData("noSlots", "misconfigured")]
    [InlineData("nobodyAvailable", "suspended")]
    [InlineData("full", "gated")]
    [InlineData("open", "admitted")]
    public void The_gate_gives_the_first_reason_that_applies(string picture, string code)
    {
        var spec = picture switch
        {
            "noProcess" => Sample.Flow(),
            "noSlots" => Closed(),
            "nobodyAvailable" => Open().Given(Reported(Report("sales", units: 0, available: 0))),
            "full" => Open().Given(Reported(Report("sales", stages: StageCounts.None("discovery") with { Queued = 40 }))),
            _ => Open(),
        };
        Assert.Equal(code, Word(spec, "l1")!.Verdict.Reason.Code);
    }

    [Fact]
    public void A_full_waitlist_turns_leads_away()
    {
        var spec = Closed(new WaitlistRules(2, TimeSpan.FromDays(14))).Given(Admit("l1"), Admit("l2"));
        Assert.Equal((IntakeDecision.Deflected, "exceedsMax"), (Word(spec, "l3")!.Verdict.Decision, Word(spec, "l3")!.Verdict.Reason.Code));
        spec.When(Admit("l3")).ThenRecordsKinds("LeadArrived", "LeadDeflected");
    }

    [Fact]
    public void Each_admission_takes_from_the_headroom_until_the_gate_closes()
    {
        var spec = Open(slots: 3);
        var room = spec.State.Admissible;
        Assert.Equal(9, room);
        for (var i = 0; i < room; i++) spec.When(Admit($"l{i}")).ThenRecordsKinds("LeadArrived", "LeadAdmitted");
        spec.When(Admit("next")).ThenRecordsKinds("LeadArrived", "LeadWaitlisted").ThenIs(s => s.Admissible, 0);
    }

    [Fact]
    public void Leads_on_their_way_count_until_their_pool_has_them()
    {
        var spec = Open().Given(Admit("l1"), Admit("l2")).Given(new FlowCommand.TimerElapsed(FlowTimers.Tick));
        Assert.Equal(2, HeadroomModel.OnTheWay(spec.State));
        var before = spec.State.Admissible;
        spec.Given(Reported(Report("sales", arrived: 2, stages: StageCounts.None("discovery") with { Queued = 2 })));
        Assert.Equal((0, before), (HeadroomModel.OnTheWay(spec.State), spec.State.Admissible));
    }

    [Fact]
    public void An_admission_that_comes_back_is_no_longer_on_its_way() => Open().Given(Admit("l1")).When(new FlowCommand.AdmissionUnused("l1", 1))
        .ThenIs(s => (s.Totals.Admitted, s.SentTo["sales"]), (0L, 0L)).ThenIs(s => HeadroomModel.OnTheWay(s), 0);

    [Fact]
    public void A_campaign_nobody_knows_is_unattributed()
    {
        Open().Given(Admit("l1", "typo")).ThenIs(s => s.Inflow.Single().Key, Submission.Unattributed);
        Open().Given(new FlowCommand.CampaignReported(Campaign("ads"))).Given(Admit("l1")).ThenIs(s => s.Inflow.Single().Key, "ads");
    }

    [Fact]
    public void The_waitlist_lets_in_by_value_and_then_by_age()
    {
        var spec = Closed().Given(Admit("cheap"), Admit("dear", value: 900)).After(TimeSpan.FromHours(1)).Given(Admit("dearer", value: 1000), Admit("dear2", value: 900));
        spec.When(Reported(Report("onboarding", 30, 30, 30, PoolKind.Slots)));
        Assert.Equal(["dearer", "dear", "dear2", "cheap"], Drained(spec));
        Assert.Equal((GatePhase.Open, 0), (spec.State.Phase, spec.State.Waitlist.Count));
    }

    [Theory]
    [InlineData(-1, "dear")]
    [InlineData(0, "old")]
    public void Who_has_waited_half_the_expiry_comes_before_better_ones(int seconds, string first)
    {
        var spec = Closed().Given(Admit("old")).After(TimeSpan.FromDays(6)).Given(Admit("dear", value: 900)).At(Sample.Monday.AddDays(7).AddSeconds(seconds));
        spec.When(Reported(Report("onboarding", 30, 30, 30, PoolKind.Slots)));
        Assert.Equal(first, Drained(spec)[0]);
    }

    private static string[] Drained(DeciderSpec<FlowState> spec) => spec.Sent<LeadCommand.Admit>();

    [Fact]
    public void No_more_are_let_in_than_there_is_room()
    {
        var spec = Closed();
        for (var i = 0; i < 30; i++) spec.Given(Admit($"l{i}"));
        spec.When(Reported(Report("onboarding", 3, 3, 3, PoolKind.Slots)));
        Assert.Equal(9, Drained(spec).Length);
        Assert.Equal((21, GatePhase.Closed), (spec.State.Waitlist.Count, spec.State.Phase));
    }

    [Fact]
    public void More_than_one_turn_lets_in_goes_on_at_once()
    {
        var spec = Closed(new WaitlistRules(1_000, TimeSpan.FromDays(14)));
        for (var i = 0; i < 250; i++) spec.Given(Admit($"l{i:000}"));
        spec.Given(Reported(Report("sales", 4_000)), Reported(Report("founder", 4_000)));
        spec.When(Reported(Report("onboarding", 4_000, 30, 30, PoolKind.Slots))).ThenSets(FlowTimers.Tick, spec.Now).ThenIs(s => s.Waitlist.Count, 50);
        spec.When(new FlowCommand.TimerElapsed(FlowTimers.Tick)).ThenIs(s => s.Waitlist.Count, 0).ThenSets(FlowTimers.Tick, spec.Now.AddMinutes(5));
    }

    [Fact]
    public void Who_leaves_the_waitlist_leaves_it_once() => Closed().Given(Admit("l1")).Given(new FlowCommand.LeftWaitlist("l1"))
        .ThenIs(s => (s.Waitlist.Count, s.Totals.LeftWaitlist), (0, 1L)).When(new FlowCommand.LeftWaitlist("l1")).ThenNothing();

    [Fact]
    public void The_constraint_is_the_pool_that_carries_least_and_its_move_is_told()
    {
        var spec = Open(slots: 3);
        Assert.Equal("onboarding", spec.State.Constraint!.Pool);
        spec.Given(Reported(Report("onboarding", 400, 400, 400, PoolKind.Slots)));
        Assert.NotEqual("onboarding", spec.State.Constraint!.Pool);
        Assert.Equal("onboarding", spec.State.Moves[^1].From);
    }

    [Fact]
    public void The_same_report_again_is_recorded_and_moves_nothing() => Open().When(Reported(Report("sales"))).ThenRecordsKinds("PoolReported");

    [Fact]
    public void A_changed_signal_raises_the_spend_version()
    {
        var spec = Open().Given(new FlowCommand.CampaignReported(Campaign("ads"))).ThenIs(s => s.SpendVersion, 1L).ThenSends(EntityKind.Campaign, "ads", Advice(1, spec: "Open"));
        spec.When(new FlowCommand.CampaignReported(Campaign("ads"))).ThenNothing();
        var eased = Campaign("ads") with { Signal = new Signal(SpendAction.Ease, 0.5m, Sample.Because) };
        spec.When(new FlowCommand.CampaignReported(eased)).ThenIs(s => s.SpendVersion, 2L).ThenSendsNoneTo(EntityKind.Campaign);
        spec.When(new FlowCommand.CampaignReported(eased with { Hold = new HumanHold(SpendAction.Ease, "x", null) })).ThenIs(s => s.SpendVersion, 2L).ThenSendsNoneTo(EntityKind.Campaign);
    }

    private static CampaignCommand.Advise Advice(decimal share, string spec)
    {
        var state = spec is "Open" ? Open().State : Closed().State;
        return new(new Advice(share, new Reason("capacityFree", $"The business carries {state.SustainablePerWeek:0.##} new leads a week and has room for {state.Admissible} now.")));
    }

    private static CampaignReport Campaign(string id, decimal? value = null, SpendAction action = SpendAction.Run) => new(
        id, "google", value is { } v ? new Money(v, "EUR") : null, OnSilence.Keep, SpendMode.Apply, new Signal(action, action is SpendAction.Pause ? 0 : 1, Sample.Because), Sample.Monday, null, null);

    [Fact]
    public void The_worst_use_of_the_bottleneck_pauses_first()
    {
        var state = Open(slots: 3).State;
        foreach (var (campaign, value) in new[] { ("a-poor", 10m), ("b-rich", 900m), ("c-fair", 100m) }) state = state with { Campaigns = state.Campaigns.Add(campaign, Campaign(campaign, value)) };
        var desired = SpendPlanner.DesiredPerWeek(state);
        var demand = new[] { ("a-poor", 20m), ("b-rich", desired / 2), ("c-fair", desired) }.ToImmutableSortedDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
        Assert.Equal([0m, 1m, 0.5m], SpendPlanner.Shares(state, demand, Sample.Monday).Values);
    }

    [Theory]
    [InlineData(400, 14, 114.29)]
    [InlineData(14, 14, 7.48)]
    [InlineData(14, 4, 4)]
    [InlineData(3.5, 14, 3.5)]
    [InlineData(0, 14, 0)]
    public void The_stock_at_the_gate_is_two_days_or_what_chance_takes_from_a_week_and_never_older_than_half_of_its_life(double perWeek, int expiresAfterDays, double leads) =>
        Assert.Equal((decimal)leads, SpendPlanner.Stock((decimal)perWeek, TimeSpan.FromDays(expiresAfterDays)), 2);

    [Fact]
    public void Leads_nobody_can_withhold_take_their_part_first()
    {
        var state = Open(slots: 3).State;
        state = state with { Campaigns = state.Campaigns.Add("ads", Campaign("ads")) };
        var desired = SpendPlanner.DesiredPerWeek(state);
        var demand = new[] { ("ads", desired), (Submission.Unattributed, desired * 0.75m) }.ToImmutableSortedDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal);
        Assert.Equal(0.25m, SpendPlanner.Shares(state, demand, Sample.Monday)["ads"]);
    }

    [Fact]
    public void A_paused_campaigns_demand_is_remembered_and_fades_to_a_fifth()
    {
        var state = Open().State with { Inflow = ImmutableSortedDictionary<string, CampaignInflow>.Empty.Add("ads", CampaignInflow.None(Sample.Monday) with { DemandPerWeek = 42 }) };
        Assert.Equal(0, SpendPlanner.Demand(state, Sample.Monday.AddDays(9))["ads"]);
        state = state with { Campaigns = state.Campaigns.Add("ads", Campaign("ads", action: SpendAction.Pause)) };
        Assert.Equal(42, SpendPlanner.Demand(state, Sample.Monday)["ads"]);
        Assert.Equal(37.8m, SpendPlanner.Demand(state, Sample.Monday.AddDays(1))["ads"]);
        Assert.InRange(SpendPlanner.Demand(state, Sample.Monday.AddDays(300))["ads"], 42 * 0.17m, 42 * 0.2m);
    }
}
