using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// Finds the pool that limits the business: the one with the least headroom relative to its throughput; among pools that are about equally full,
/// the one that can carry the fewest new leads a week. It moves with hysteresis.
/// </summary>
public static class ConstraintFinder
{
    // Two pools whose free shares differ by less than this are about equally full.
    private const decimal SlackBand = 0.15m;

    // A challenger must carry so much less, or be so much fuller, than the present constraint.
    private const decimal RateMargin = 0.95m;

    /// <summary>The constraint as measured, or null when there is nothing to measure.</summary>
    public static PoolHeadroom? Find(ImmutableArray<PoolHeadroom> pools, string? present)
    {
        if (pools.IsEmpty) return null;
        var tightest = Tightest(pools);
        var current = pools.FirstOrDefault(p => p.Pool == present);
        if (current is null || current == tightest) return tightest;
        var clearlyFuller = tightest.Slack < current.Slack - SlackBand;
        var clearlySlower = tightest.SustainablePerWeek < current.SustainablePerWeek * RateMargin;
        return clearlyFuller || clearlySlower ? tightest : current;
    }

    /// <summary>The pool that would be the constraint if this one were not; null when it is alone.</summary>
    public static PoolHeadroom? After(ImmutableArray<PoolHeadroom> pools, string pool)
    {
        var others = pools.RemoveAll(p => p.Pool == pool);
        return others.IsEmpty ? null : Tightest(others);
    }

    /// <summary>One sentence that says why.</summary>
    public static string Explain(PoolHeadroom constraint, PoolHeadroom? next)
    {
        var room = constraint.Headroom switch
        {
            0 => "it can take no new lead within its promise",
            1 => "it can take one more lead within its promise",
            _ => $"it can take {constraint.Headroom} more leads within its promise",
        };
        var text = $"{constraint.Pool} limits the business: it carries {constraint.SustainablePerWeek:0.##} new leads a week, and {room}.";
        return next is null ? text : $"{text} {next.Pool} would be next, at {next.SustainablePerWeek:0.##} a week.";
    }

    private static PoolHeadroom Tightest(ImmutableArray<PoolHeadroom> pools)
    {
        var least = pools.Min(p => p.Slack);
        return pools.Where(p => p.Slack <= least + SlackBand).OrderBy(p => p.SustainablePerWeek).ThenBy(p => p.Pool, StringComparer.Ordinal).First();
    }
}
