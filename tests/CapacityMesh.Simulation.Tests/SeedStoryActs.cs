using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Laws;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: the seed story holds, in three acts. Method: each act runs through the real machines in virtual time, with and without the gate, on the
// same leads; the laws are checked at the end of every run.
public sealed class SeedStoryActs
{
    private static readonly EntityId Flow = EntityId.Flow("default");

    [Fact]
    public async Task Act_one_without_the_gate_about_sixty_leads_a_week_go_unanswered()
    {
        await using var run = new ScenarioRun(SeedStory.ActOne, PolicyKind.None, seed: 1);
        run.SetUp();
        run.Host.RunUntil(SeedStory.ActOne.End);

        var sales = run.Host.Find<PoolState>(new EntityId("default", EntityKind.Pool, "sales"))!;
        var perWeek = sales.Waiting.Count / (SeedStory.ActOne.Span.TotalDays / 7);

        Assert.InRange(perWeek, 50, 70);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Act_one_with_the_gate_every_admitted_lead_is_answered_within_its_promise(ulong seed)
    {
        await using var run = new ScenarioRun(SeedStory.ActOne, PolicyKind.Mesh, seed);
        var card = run.Run();

        Assert.Equal(0, card.BrokenFirstPromises);
        Assert.Equal(0, card.Unanswered);
        Assert.True(card.Delivered >= 0.95 * card.Bound, $"delivered {card.Delivered} of {card.Bound:0.0}");
        Assert.True(card.SignalChangesPerCampaignDay <= 1, $"{card.SignalChangesPerCampaignDay:0.00} signal changes per campaign and day");
        Assert.Empty(LawBook.Check(run.Host));
    }

    [Fact]
    public async Task Act_one_tells_campaigns_to_ease_or_pause_before_the_backlog_exceeds_what_the_promise_allows()
    {
        await using var run = new ScenarioRun(SeedStory.ActOne, PolicyKind.Mesh, seed: 1);
        DateTimeOffset? firstSignal = null;
        DateTimeOffset? firstBroken = null;
        run.Host.Follow(turns =>
        {
            foreach (var turn in turns)
            {
                if (turn.At > SeedStory.ActOne.Start.AddHours(3) && turn.Events.Any(e => e is CampaignEvent.SignalChanged { Signal.Action: not SpendAction.Run })) firstSignal ??= turn.At;
                if (turn.Events.Any(e => e is PoolEvent.PromiseBroken)) firstBroken ??= turn.At;
            }
        });
        run.SetUp();
        run.Host.RunUntil(SeedStory.ActOne.Start.AddDays(28));

        Assert.NotNull(firstSignal);
        Assert.Null(firstBroken);
        Assert.Equal("sales", run.Host.Find<FlowState>(Flow)!.Constraint!.Pool);
    }

    [Fact]
    public async Task Act_two_two_hires_move_the_constraint_to_the_founder_and_the_history_says_when_and_why()
    {
        var hired = SeedStory.ActTwo.Start.AddDays(56);
        await using var run = new ScenarioRun(SeedStory.ActTwo, PolicyKind.Mesh, seed: 1);
        run.SetUp();
        run.Host.RunUntil(hired.AddMinutes(-1));
        Assert.Equal("sales", run.Host.Find<FlowState>(Flow)!.Constraint!.Pool);

        run.Host.RunUntil(hired.AddDays(7));
        var flow = run.Host.Find<FlowState>(Flow)!;

        Assert.Equal("founder", flow.Constraint!.Pool);
        // In some seeds a run of lost leads looks like a step of the pass rate, and the constraint goes back and forth once more; the history tells that too.
        var moves = flow.Moves.Where(m => m.At >= hired).ToArray();
        Assert.InRange(moves.Length, 1, 3);
        var move = moves[0];
        Assert.Equal(("sales", "founder"), (move.From, move.To));
        Assert.InRange(move.At, hired, hired.AddHours(1));
        Assert.Contains("founder limits the business", move.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Act_three_without_the_gate_most_deals_start_late_and_with_it_they_fit_within_the_risk()
    {
        await using var unthrottled = new ScenarioRun(SeedStory.ActThree, PolicyKind.None, seed: 1);
        var none = unthrottled.Run();
        await using var gated = new ScenarioRun(SeedStory.ActThree, PolicyKind.Mesh, seed: 1);
        var mesh = gated.Run();

        // Ten deals a month close and three can begin: seven of ten start late.
        var months = SeedStory.ActThree.Span.TotalDays / 30;
        Assert.True(none.LateStarts / months >= 7, $"{none.LateStarts / months:0.0} a month start late");
        Assert.True(mesh.BrokenPromises <= (double)SeedStory.Process.Risk, $"{mesh.BrokenPromises:P1} of the admitted leads find a promise broken");
        Assert.True(mesh.Delivered >= 0.9 * mesh.Bound, $"delivered {mesh.Delivered} of {mesh.Bound:0.0}");
        Assert.Equal("onboarding", gated.Host.Find<FlowState>(Flow)!.Moves[^1].To);
    }
}
