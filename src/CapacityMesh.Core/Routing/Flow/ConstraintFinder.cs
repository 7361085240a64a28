using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// Finds the pool that limits the business: the one that carries the fewest new leads a week with the capacity that is really there (people who are
/// away carry nothing). It moves with hysteresis, since learned pass rates wander; a pool that is only full at the moment closes the gate but is not the constraint.
/// </summary>
public static class ConstraintFinder
{
    // A challenger must carry so much less than the present constraint.
    private const decimal RateMargin = 0.93m;

    /// <summary>The constraint as measured, or null when there is nothing to measure.</summary>
    public static PoolHeadroom? Find(ImmutableArray<PoolHeadroom> pools, string? present)
    {
        if (pools.IsEmpty) return null;
        var tightest = Tightest(pools);
        var current = pools.FirstOrDefault(p => p.Pool == present);
        return current is null || tightest.SustainablePerWeek < current.SustainablePerWeek * RateMargin ? tightest : current;
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

    private static PoolHeadroom Tightest(ImmutableArray<PoolHeadroom> pools) =>
        pools.OrderBy(p => p.SustainablePerWeek).ThenBy(p => p.Pool, StringComparer.Ordinal).First();
}
