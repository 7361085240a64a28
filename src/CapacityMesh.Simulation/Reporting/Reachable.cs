using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>
/// What the slots of the constraint could have delivered at all with the leads of one seed: every lead let in at once, answered at once, worked as long as it was
/// worked, by people without limit; and each slot given to whoever had come through by then. The fluid bound counts slots that begin before any lead
/// can have come through to them; this does not. It knows what becomes of each lead, so no policy exceeds it on any seed.
/// </summary>
public static class Reachable
{
    /// <summary>Deliveries; null where the constraint is people, whose time the first lead can already use: there the fluid bound stands.</summary>
    public static double? Delivered(Scenario scenario, SeedStreams seeds)
    {
        var pool = FluidBound.ConstraintOf(scenario);
        if (scenario.Process.KindOf(pool) is not PoolKind.Slots) return null;
        var stage = scenario.Process.Stages.IndexOf(scenario.Process.Stages.First(s => s.Pool == pool));
        var there = There(scenario, seeds, stage).OrderBy(l => l.At).ToArray();
        var (come, used, delivered) = (0, 0, 0.0);
        foreach (var slot in SlotsOf(scenario, pool))
        {
            while (come < there.Length && there[come].At <= slot.StartsAt) come++;
            if (used < come) delivered += scenario.DeliveryChance(there[used++].Knocked, stage);
        }
        return delivered;
    }

    // When each lead that passes everything before the stage can be there at the earliest.
    private static IEnumerable<(DateTimeOffset At, DateTimeOffset Knocked)> There(Scenario scenario, SeedStreams seeds, int stage)
    {
        var fate = scenario.Fates(seeds);
        foreach (var arrival in scenario.Arrivals(seeds))
        {
            var at = arrival.At + scenario.AdLag;
            var passes = true;
            for (var i = 0; i < stage && passes; i++)
            {
                var id = scenario.Process.Stages[i].Id;
                var (outcome, work) = fate(arrival.LeadId, id);
                passes = outcome is StageOutcome.Passed;
                at += scenario.Habits.AnswerLeast + (work ?? Workforce.Times(seeds, scenario.Habits, arrival.LeadId, id).Work);
            }
            if (passes) yield return (at, arrival.At);
        }
    }

    private static IEnumerable<PlannedSlot> SlotsOf(Scenario scenario, string pool)
    {
        var fallen = scenario.Happenings.OfType<Standstill>().Where(s => s.Pool == pool).SelectMany(s => s.Hit(scenario)).Select(s => s.Id).ToHashSet(StringComparer.Ordinal);
        return scenario.Slots.Where(s => s.Pool == pool && s.StartsAt < scenario.End && !fallen.Contains(s.Id)).OrderBy(s => s.StartsAt);
    }
}
