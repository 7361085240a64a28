using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>
/// What no policy that cannot foresee a lead's outcome exceeds on average: the sum over weeks of the least, over pools, of capacity / unit load, and of
/// what arrived, times the chance that an admitted lead is delivered. What arrives and is not admitted may wait for a later week.
/// </summary>
public static class FluidBound
{
    /// <summary>Expected deliveries.</summary>
    public static double Delivered(Scenario scenario, IReadOnlyDictionary<int, int> offeredByWeek)
    {
        var (waiting, delivered) = (0.0, 0.0);
        for (var week = 0; week * 7 < scenario.Span.TotalDays; week++)
        {
            waiting += offeredByWeek.GetValueOrDefault(week);
            var from = scenario.Start.AddDays(week * 7);
            var room = scenario.Process.Pools.Min(p => UnitLoad(scenario, p.Id, from) is var load && load > 0 ? Capacity(scenario, p.Id, from, from.AddDays(7)) / load : double.MaxValue);
            var now = Math.Min(waiting, room);
            delivered += now * scenario.DeliveryChance(from);
            waiting -= now;
        }
        return delivered;
    }

    /// <summary>The pool that carries the fewest leads while leads arrive.</summary>
    public static string ConstraintOf(Scenario scenario) => scenario.Process.Pools
        .Where(p => UnitLoad(scenario, p.Id, scenario.Start) > 0).MinBy(p => CapacityOf(scenario, p.Id) / UnitLoad(scenario, p.Id, scenario.Start))!.Id;

    /// <summary>Units that a pool has while leads arrive.</summary>
    public static double CapacityOf(Scenario scenario, string pool) => Capacity(scenario, pool, scenario.Start, scenario.End);

    // What happens is known here, as it is to no policy.
    private static double Capacity(Scenario scenario, string pool, DateTimeOffset from, DateTimeOffset to)
    {
        if (to > scenario.End) to = scenario.End;
        return Math.Max(0, Planned(scenario, pool, from, to) - scenario.Happenings.Sum(h => h.TakesAway(scenario, pool, from, to)));
    }

    private static double Planned(Scenario scenario, string pool, DateTimeOffset from, DateTimeOffset to)
    {
        if (scenario.Process.KindOf(pool) is PoolKind.Slots) return scenario.Slots.Count(s => s.Pool == pool && s.StartsAt >= from && s.StartsAt < to);
        return scenario.People.Where(p => p.Profile.Pools.Contains(pool)).Sum(p =>
        {
            var since = scenario.Start + p.JoinsAfter > from ? scenario.Start + p.JoinsAfter : from;
            return since >= to ? 0 : (double)p.Profile.WeeklyCapacity / p.Profile.Pools.Length * (to - since).TotalDays / 7;
        });
    }

    private static double UnitLoad(Scenario scenario, string pool, DateTimeOffset at)
    {
        var (reach, load) = (1.0, 0.0);
        foreach (var stage in scenario.Process.Stages)
        {
            if (stage.Pool == pool) load += reach * (double)stage.Effort;
            reach *= scenario.PassRateOf(stage.Id, at);
        }
        return load;
    }
}
