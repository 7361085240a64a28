using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>From the outcomes of many seeds to what to expect.</summary>
public static class Outlooks
{
    /// <summary>One side.</summary>
    public static Outlook Of(Process process, IReadOnlyList<RunOutcome> runs) => new(
        ConstraintOf(runs), Over(runs, r => r.SustainablePerWeek), Over(runs, r => r.Captured), Over(runs, r => r.Admitted), Over(runs, r => r.Won),
        Over(runs, r => r.Delivered), Over(runs, r => r.BrokenPromises), Over(runs, r => r.TurnedAway), Over(runs, r => r.Waitlist),
        [.. process.Pools.Where(p => runs.Any(r => r.Waits.ContainsKey(p.Id))).Select(p => WaitOf(p.Id, runs))], SpendOf(runs, null));

    /// <summary>What lies between the two sides, seed by seed.</summary>
    public static Difference Between(IReadOnlyList<RunOutcome> before, IReadOnlyList<RunOutcome> after)
    {
        return new Difference(
            Less(r => r.SustainablePerWeek), Less(r => r.Admitted), Less(r => r.Won), Less(r => r.Delivered), Less(r => r.BrokenPromises), SpendOf(after, before));

        Spread Less(Func<RunOutcome, double> of) => Spread.Of(after.Zip(before, (a, b) => of(a) - of(b)));
    }

    private static Spread Over(IReadOnlyList<RunOutcome> runs, Func<RunOutcome, double> of) => Spread.Of(runs.Select(of));

    private static ConstraintOutlook ConstraintOf(IReadOnlyList<RunOutcome> runs)
    {
        var shares = runs.SelectMany(r => r.Constraint).GroupBy(c => c.Key, c => c.Value)
            .Select(g => (Pool: g.Key, Share: g.Sum() / runs.Count)).OrderByDescending(c => c.Share).ThenBy(c => c.Pool, StringComparer.Ordinal).ToArray();
        if (shares.Length == 0) return new ConstraintOutlook(null, 0, null);
        // Who is next in the futures that end on it; where it moved in the end, where it moved to.
        var next = runs.Select(r => r.Weeks[^1].Constraint == shares[0].Pool ? r.Next : r.Weeks[^1].Constraint).OfType<string>()
            .GroupBy(p => p).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).FirstOrDefault();
        return new ConstraintOutlook(shares[0].Pool, Math.Round(shares[0].Share, 3), next);
    }

    private static WaitOutlook WaitOf(string pool, IReadOnlyList<RunOutcome> runs)
    {
        var waits = runs.Where(r => r.Waits.ContainsKey(pool)).Select(r => r.Waits[pool]).ToArray();
        return new WaitOutlook(pool, Spread.Of(waits.Select(w => w.P50Hours)), Spread.Of(waits.Select(w => w.P90Hours)));
    }

    private static SpendOutlook[] SpendOf(IReadOnlyList<RunOutcome> runs, IReadOnlyList<RunOutcome>? less) =>
        [.. runs.SelectMany(r => r.Spend.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(currency => new SpendOutlook(
            currency, Spread.Of(runs.Select((r, i) => Math.Round(r.Spend.GetValueOrDefault(currency) - (less?[i].Spend.GetValueOrDefault(currency) ?? 0), 2)))))];
}
