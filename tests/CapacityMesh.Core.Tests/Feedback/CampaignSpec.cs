using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Feedback;

// Goal: a signal changes no more often and no further than allowed, and a human's word wins. Method: given, when, then on the decider alone.
public sealed class CampaignSpec
{
    private static CampaignCommand.Advise Advise(decimal share) => new(Wanted(share));

    private static Advice Wanted(decimal share) => new(share, Sample.Because);

    private static Signal Pause => new(SpendAction.Pause, 0, Sample.Because);

    private static Signal Ease(decimal multiplier) => new(SpendAction.Ease, multiplier, Sample.Because);

    private static DeciderSpec<CampaignState> New(int perHour = 4) => Sample.CampaignSpec().Given(new CampaignCommand.Configure(Sample.Campaign(SpendMode.Apply, perHour)));

    private static DeciderSpec<CampaignState> Running(SpendMode mode = SpendMode.Apply, int perHour = 4, TimeSpan? dwell = null) =>
        Sample.CampaignSpec().Given(new CampaignCommand.Configure(Sample.Campaign(mode, perHour, dwell)), new CampaignCommand.Count(Outcome.Captured, null));

    private static DeciderSpec<CampaignState> Paused(TimeSpan? dwell = null) => Running(dwell: dwell).Given(Advise(0));

    private static readonly CampaignCommand.TimerElapsed Dwell = new(CampaignTimers.Dwell);

    [Theory]
    [InlineData("run", 0.90, "run", 1)]
    [InlineData("run", 0.89, "ease", 0.89)]
    [InlineData("run", 0.15, "ease", 0.2)]
    [InlineData("run", 0.09, "pause", 0)]
    [InlineData("pause", 0.25, "pause", 0)]
    [InlineData("pause", 0.26, "ease", 0.26)]
    [InlineData("pause", 1, "ease", 0.5)]
    [InlineData("ease", 0.64, "ease", 0.5)]
    [InlineData("ease", 0.65, "ease", 0.5)]
    [InlineData("ease", 0.75, "ease", 0.75)]
    [InlineData("ease", 0.99, "ease", 0.75)]
    [InlineData("ease", 0.09, "pause", 0)]
    [InlineData("eased most", 0.97, "ease", 0.97)]
    [InlineData("eased most", 0.98, "run", 1)]
    public void It_takes_more_to_leave_a_signal_than_to_keep_it_and_steps_are_capped(string present, double share, string action, double multiplier)
    {
        var signal = present switch { "run" => Signal.Start, "pause" => Pause, "eased most" => Ease(0.7m), _ => Ease(0.5m) };
        var next = SignalPolicy.Next(signal, (decimal)share, Sample.Because);
        Assert.Equal((action, (decimal)multiplier), (next.Action.ToString().ToLowerInvariant(), next.Multiplier));
    }

    [Fact]
    public void Every_share_is_reached_in_a_few_steps_and_then_kept()
    {
        foreach (var start in new[] { Signal.Start, Pause, Ease(0.2m), Ease(0.97m) })
        {
            for (var share = 0m; share <= 1; share += 0.01m)
            {
                var signal = start;
                for (var step = 0; step < 8; step++) signal = SignalPolicy.Next(signal, share, Sample.Because);
                Assert.True(SignalPolicy.Next(signal, share, Sample.Because).SameAs(signal), $"{start} never settles at {share}");
                if (share == 1) Assert.Equal(SpendAction.Run, signal.Action);
                if (share == 0) Assert.Equal(SpendAction.Pause, signal.Action);
            }
        }
    }

    [Fact]
    public void The_first_change_holds_at_once_and_is_told() => Running().When(Advise(0)).ThenRecords(new CampaignEvent.Advised(Wanted(0)), new CampaignEvent.SignalChanged(Pause))
        .ThenSends(EntityKind.Flow, "flow", new FlowCommand.CampaignReported(new CampaignReport("ads", "google", null, OnSilence.Keep, SpendMode.Apply, Pause, Sample.Monday, null, null)));

    [Fact]
    public void The_same_advice_again_changes_nothing() => Paused().When(Advise(0)).ThenNothing().When(Advise(0.05m)).ThenRecordsKinds("Advised");

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void The_next_change_waits_for_exactly_the_dwell(int seconds, bool changes)
    {
        var spec = Paused().After(TimeSpan.FromMinutes(10)).When(Advise(1)).ThenRecordsKinds("Advised").ThenSets(CampaignTimers.Dwell, Sample.Monday.AddHours(1));
        spec.At(Sample.Monday.AddHours(1).AddSeconds(seconds)).When(Dwell);
        if (changes) spec.ThenRecords(new CampaignEvent.SignalChanged(Ease(0.5m)));
        else spec.ThenRecords().ThenSets(CampaignTimers.Dwell, Sample.Monday.AddHours(1));
    }

    [Fact]
    public void Advice_that_was_taken_back_during_the_dwell_changes_nothing() => Paused().After(TimeSpan.FromMinutes(10)).Given(Advise(1), Advise(0)).At(Sample.Monday.AddHours(1)).When(Dwell).ThenNothing();

    [Fact]
    public void What_was_paused_before_its_first_lead_runs_again_at_once_and_pauses_at_once_when_leads_come()
    {
        var spec = New().Given(Advise(0)).After(TimeSpan.FromSeconds(1)).When(Advise(1)).ThenRecords(new CampaignEvent.Advised(Wanted(1)), new CampaignEvent.SignalChanged(new Signal(SpendAction.Run, 1, Sample.Because)));
        spec = spec.Given(new CampaignCommand.Count(Outcome.Captured, null)).After(TimeSpan.FromMinutes(1)).When(Advise(0)).ThenRecordsKinds("Advised", "SignalChanged");
        spec.After(TimeSpan.FromMinutes(1)).When(Advise(1)).ThenRecordsKinds("Advised").ThenSets(CampaignTimers.Dwell, Sample.Monday.AddHours(1).AddMinutes(1).AddSeconds(1));
    }

    [Fact]
    public void Before_its_first_lead_too_no_hour_sees_more_changes_than_allowed() => New(perHour: 1).Given(Advise(0)).After(TimeSpan.FromMinutes(1))
        .When(Advise(1)).ThenRecordsKinds("Advised").ThenSets(CampaignTimers.Dwell, Sample.Monday.AddHours(1));

    [Fact]
    public void No_hour_sees_more_changes_than_allowed()
    {
        var spec = Running(perHour: 2, dwell: TimeSpan.Zero).Given(Advise(0)).After(TimeSpan.FromMinutes(1)).Given(Advise(1)).After(TimeSpan.FromMinutes(1));
        spec.When(Advise(0)).ThenRecordsKinds("Advised").ThenSets(CampaignTimers.Dwell, Sample.Monday.AddHours(1));
        spec.At(Sample.Monday.AddHours(1)).When(Dwell).ThenRecordsKinds("SignalChanged");
    }

    [Fact]
    public void A_proposal_holds_when_it_is_approved()
    {
        var spec = Running(SpendMode.Propose).When(Advise(0)).ThenRecords(new CampaignEvent.Advised(Wanted(0)), new CampaignEvent.Proposed(Pause)).ThenIs(s => s.Signal.Action, SpendAction.Run);
        spec.When(new CampaignCommand.Approve()).ThenRecords(new CampaignEvent.Proposed(null), new CampaignEvent.SignalChanged(Pause));
        spec.When(new CampaignCommand.Approve()).ThenRejects(CampaignRejections.NothingProposed);
    }

    [Fact]
    public void A_refused_proposal_is_not_made_again_until_the_plan_wants_something_else()
    {
        var spec = Running(SpendMode.Propose).Given(Advise(0)).When(new CampaignCommand.Reject()).ThenRecords(new CampaignEvent.ProposalRefused(Pause));
        spec.When(new CampaignCommand.Reject()).ThenRejects(CampaignRejections.NothingProposed);
        spec.When(Advise(0.01m)).ThenRecordsKinds("Advised");
        spec.When(Advise(0.5m)).ThenRecordsKinds("Advised", "Proposed");
        spec.When(Advise(0)).ThenRecordsKinds("Advised", "Proposed");
    }

    [Fact]
    public void A_proposal_that_is_no_longer_wanted_goes() => Running(SpendMode.Propose).Given(Advise(0)).When(Advise(1)).ThenRecords(new CampaignEvent.Advised(Wanted(1)), new CampaignEvent.Proposed(null));

    [Fact]
    public void A_humans_word_wins_over_dwell_and_plan()
    {
        var spec = Paused().When(new CampaignCommand.Hold(SpendAction.Run, "launch day", null)).ThenRecordsKinds("HoldSet", "SignalChanged").ThenIs(s => s.Phase, SpendAction.Run);
        spec.After(TimeSpan.FromDays(3)).When(Advise(0)).ThenNothing();
        spec.When(Advise(0.5m)).ThenRecordsKinds("Advised").ThenIs(s => s.Phase, SpendAction.Run);
        spec.When(new CampaignCommand.Hold(SpendAction.Run, "launch day", null)).ThenNothing();
    }

    [Fact]
    public void When_a_hold_ends_the_plan_goes_on_and_the_table_is_told()
    {
        var until = Sample.Monday.AddDays(1);
        var spec = Running().Given(new CampaignCommand.Hold(SpendAction.Run, "launch day", until)).ThenSets(CampaignTimers.Hold, until);
        spec.At(until.AddTicks(-1)).When(new CampaignCommand.TimerElapsed(CampaignTimers.Hold)).ThenNothing();
        spec.At(until).When(new CampaignCommand.TimerElapsed(CampaignTimers.Hold)).ThenRecords(new CampaignEvent.HoldSet(null))
            .ThenSends(EntityKind.Flow, "flow", new FlowCommand.CampaignReported(new CampaignReport("ads", "google", null, OnSilence.Keep, SpendMode.Apply, Signal.Start, Sample.Monday, null, null)));
        Running().Given(new CampaignCommand.Hold(SpendAction.Run, "launch day", until)).Given(Advise(0)).At(until).When(new CampaignCommand.TimerElapsed(CampaignTimers.Hold)).ThenRecordsKinds("HoldSet", "SignalChanged");
    }

    [Fact]
    public void A_hold_can_be_lifted_and_cannot_lie_in_the_past()
    {
        Running().Given(new CampaignCommand.Hold(SpendAction.Pause, "x", null)).When(new CampaignCommand.Hold(null, "", null)).ThenRecordsKinds("HoldSet").ThenClears(CampaignTimers.Hold);
        Running().When(new CampaignCommand.Hold(SpendAction.Pause, "x", Sample.Monday)).ThenRejects(CampaignRejections.HoldInThePast);
    }

    [Fact]
    public void A_day_of_cost_replaces_the_same_day()
    {
        static CampaignCommand.RecordCost Cost(decimal amount) => new(new DayCost(new DateOnly(2026, 11, 2), new Money(amount, "EUR"), 1, 2));
        Running().Given(Cost(10)).When(Cost(10)).ThenNothing();
        Running().Given(Cost(10), Cost(12)).ThenIs(s => s.Costs.Single().Amount.Amount, 12m);
    }

    [Fact]
    public void Costs_are_kept_for_a_year_and_a_month()
    {
        var spec = Running();
        for (var day = 0; day < Limits.CostDaysMax + 5; day++) spec.Given(new CampaignCommand.RecordCost(new DayCost(new DateOnly(2025, 1, 1).AddDays(day), new Money(1, "EUR"), 0, 0)));
        Assert.Equal((Limits.CostDaysMax, new DateOnly(2025, 1, 6)), (spec.State.Costs.Length, spec.State.Costs[0].Day));
    }

    [Fact]
    public void A_campaign_nobody_described_counts_its_leads_and_refuses_the_rest()
    {
        Sample.CampaignSpec().Given(new CampaignCommand.Count(Outcome.Won, new Money(5, "EUR")), new CampaignCommand.Count(Outcome.Won, new Money(7, "USD"))).ThenIs(s => (s.CountOf(Outcome.Won), s.WonValue), (2L, new Money(5, "EUR")));
        Sample.CampaignSpec().When(new CampaignCommand.Hold(SpendAction.Run, "x", Sample.Monday)).ThenRejects(CampaignRejections.Unknown);
        Running().When(new CampaignCommand.Configure(Sample.Campaign(changesPerHour: 61))).ThenRejects(CampaignRejections.InvalidProfile);
    }

    [Fact]
    public void An_acknowledgement_is_noted_once()
    {
        var what = new Acknowledgement(3, SpendAction.Pause, Sample.Monday);
        Running().Given(new CampaignCommand.Acknowledge(what)).When(new CampaignCommand.Acknowledge(what)).ThenNothing();
    }
}
