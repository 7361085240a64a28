using System.Collections.Immutable;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: the plan follows evidence, never one lead. Method: random histories of outcomes, with and without a step; the share that the plan wants before and
// after one more outcome, from the same pools and campaigns.
public sealed class PlanAndEvidence
{
    [Fact]
    public void A_single_outcome_moves_the_wanted_share_a_little_and_a_halving_moves_it_in_the_end()
    {
        var (most, moved) = (0m, 0);
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var counts = StageCounts.None("discovery");
            for (var i = 0; i < 300; i++) counts = PassRateLearning.After(counts, random.NextDouble() < 0.4);
            var first = Share(counts);
            foreach (var passed in (bool[])[true, false]) most = Math.Max(most, Math.Abs(Share(PassRateLearning.After(counts, passed)) - first));
            for (var i = 0; i < 150; i++) counts = PassRateLearning.After(counts, random.NextDouble() < 0.2);
            // Half as many leads reach the slots: the plan may want twice as many.
            if (Share(counts) >= first * 1.4m) moved++;
        }
        // A signal's multiplier moves in steps of at least a quarter (docs/concepts/flow.md).
        Assert.True(most < 0.1m, $"{most} by one outcome");
        Assert.True(moved >= 48, $"followed in {moved} of 60 runs");
    }

    private static decimal Share(StageCounts counts)
    {
        PoolReport[] reports =
        [
            new("sales", PoolKind.People, [counts], 0, [.. Horizons.All.Select(_ => 400m)], 400, 2, 2, null, 0, 0, 0),
            new("founder", PoolKind.People, [], 0, [.. Horizons.All.Select(_ => 400m)], 400, 1, 1, null, 0, 0, 0),
            new("onboarding", PoolKind.Slots, [], 0, [.. Horizons.All.Select(h => (decimal)h.TotalDays)], 7, 30, 30, null, 0, 0, 0),
        ];
        var ads = new CampaignReport("ads", "google", null, OnSilence.Keep, SpendMode.Apply, new Signal(SpendAction.Run, 1, Sample.Because), Sample.Monday, null, null);
        var state = new FlowState
        {
            Process = Sample.Story() with { Version = 1 },
            Pools = reports.ToImmutableSortedDictionary(r => r.Pool, r => r, StringComparer.Ordinal),
            Campaigns = ImmutableSortedDictionary.Create<string, CampaignReport>(StringComparer.Ordinal).Add("ads", ads),
        };
        state = state with { Headroom = HeadroomModel.Measure(state) };
        return SpendPlanner.Shares(state, ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal).Add("ads", 200), Sample.Monday)["ads"];
    }
}
