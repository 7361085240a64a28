using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Reporting;
using CapacityMesh.Simulation.Scenarios;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: what the tables claim holds, and a scenario that cannot be run says why. Method: single seeds of the named scenarios with bounds that leave room
// for luck; hand-made bad scenarios.
public sealed class NamedScenarios
{
    [Theory]
    [InlineData("monday-burst")]
    [InlineData("salesperson-ill")]
    [InlineData("onboarding-delayed")]
    [InlineData("pass-rates-step")]
    [InlineData("ad-lag")]
    public void Mesh_delivers_what_can_be_delivered_and_keeps_its_promises(string name)
    {
        var card = Laboratory.Compare(ScenarioCatalog.Find(name)!, [PolicyKind.Mesh], [2]).Cards[0].Cards[0];
        Assert.True(card.Expected >= 0.96 * card.Bound, $"{card.Expected:0.0} of {card.Bound:0.0}");
        Assert.True(card.BrokenPromises <= 0.03, $"{card.BrokenPromises:P1} broken");
        // One a day on average over seeds; a single one strays from its average by some hundredths.
        Assert.True(card.SignalChangesPerCampaignDay <= 1.1, $"{card.SignalChangesPerCampaignDay:0.00} changes");
    }

    [Fact]
    public async Task A_pause_does_not_overshoot_though_leads_arrive_six_hours_after_their_click()
    {
        var scenario = ScenarioCatalog.Find("ad-lag")!;
        await using var run = new ScenarioRun(scenario, PolicyKind.Mesh, seed: 1);
        var most = 0;
        run.Host.Follow(turns => most = Math.Max(most, turns.Select(t => (t.State as Core.Routing.FlowState)?.Waitlist.Count ?? 0).DefaultIfEmpty(0).Max()));
        run.SetUp();
        run.Host.RunUntil(scenario.End);

        var inflow = run.Host.Find<Core.Routing.FlowState>(Core.Kernel.EntityId.Flow(run.Host.Workspace))!.Inflow["search"];
        Assert.InRange(inflow.DelaySeconds, 5.5 * 3_600, 6 * 3_600);
        // Two weeks of what the system carries: the age at which a lead at the gate expires.
        Assert.InRange(most, 1, 28);
    }

    [Fact]
    public void A_name_is_given_once() => Assert.Equal(ScenarioCatalog.All.Count, ScenarioCatalog.All.Select(s => s.Name).Distinct().Count());

    [Fact]
    public void A_varied_scenario_keeps_its_variation_for_another_span()
    {
        var longer = ScenarioCatalog.Find("salesperson-ill")!.Lasting(TimeSpan.FromDays(700));
        Assert.Equal(("salesperson-ill", 3, 700), (longer.Name, longer.Happenings.Length, longer.Span.TotalDays));
    }

    [Theory]
    [InlineData("zero capacity", "have no capacity")]
    [InlineData("no people", "has no people")]
    [InlineData("no slots", "has no slots")]
    [InlineData("a hundred years", "may last up to 3660")]
    [InlineData("impossible rate", "passRate")]
    public void A_scenario_that_cannot_be_run_says_why(string what, string says)
    {
        var story = SeedStory.AtLoad("x", 1);
        var bad = what switch
        {
            "zero capacity" => story with { People = [.. story.People.Select(p => p with { Profile = p.Profile with { WeeklyCapacity = 0 } })] },
            "no people" => story with { People = [] },
            "no slots" => story with { Slots = [] },
            "impossible rate" => story with { Process = story.Process with { Stages = story.Process.Stages.SetItem(0, story.Process.Stages[0] with { PassRate = 1.5m }) } },
            _ => story with { Span = TimeSpan.FromDays(36_525) },
        };
        var refused = Assert.Throws<InvalidDataException>(() => Laboratory.Compare(bad, [PolicyKind.Mesh], [1]));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_run_tells_what_is_known_so_far()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;
        var table = Laboratory.Compare(ScenarioCatalog.Find("seed-1x")!, [PolicyKind.None, PolicyKind.Mesh], [1, 2], _ => { if (++runs == 3) stop.Cancel(); }, stop.Token);
        Assert.Equal(2, table.Cards[0].Cards.Count);
        Assert.True(table.Cards[0].Cards[0].Delivered > 0);
    }

    [Fact]
    public void An_interval_is_Students()
    {
        var interval = Interval.Of([4, 5, 6, 7, 8]);
        Assert.Equal(6, interval.Mean);
        Assert.Equal(2.776 * Math.Sqrt(2.5 / 5), interval.HalfWidth, 1e-3);
        Assert.Equal(2.045, Interval.Quantile(29), 0.002);
        Assert.True(double.IsNaN(Interval.Of([3]).HalfWidth));
    }
}
