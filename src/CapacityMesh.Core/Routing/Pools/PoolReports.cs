using System.Collections.Immutable;
using CapacityMesh.Core.Execution;

namespace CapacityMesh.Core.Routing;

/// <summary>A pool's absolute facts, as Flow hears them.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="Kind">What serves it.</param>
/// <param name="Stages">Counts by stage.</param>
/// <param name="ArrivedFromGate">Leads that ever entered from the gate: Flow tells from it who is still on the way.</param>
/// <param name="Startable">Units that can be begun within each of <see cref="Horizons"/>.</param>
/// <param name="WeeklyCapacity">Units a week, in the long run.</param>
/// <param name="People">People, or slots ahead.</param>
/// <param name="Available">People who take offers now, or open slots.</param>
/// <param name="OldestPlace">Since when the longest waiting lead waits.</param>
/// <param name="ArrivalSecondsMean">Mean time from admission to arrival here.</param>
/// <param name="WaitSecondsMean">Mean wait here.</param>
/// <param name="PromisesBroken">Promises broken here, ever.</param>
/// <param name="Arrivals">Leads that ever entered, from anywhere: what the mean of their time is worth.</param>
public sealed record PoolReport(
    string Pool, PoolKind Kind, ImmutableArray<StageCounts> Stages, long ArrivedFromGate, ImmutableArray<decimal> Startable, decimal WeeklyCapacity,
    int People, int Available, DateTimeOffset? OldestPlace, double ArrivalSecondsMean, double WaitSecondsMean, long PromisesBroken, long Arrivals = 0);

/// <summary>Makes reports from a pool's state.</summary>
public static class PoolReports
{
    // Slots are planned weeks ahead: a month of the plan tells the rate.
    private static readonly TimeSpan SlotRateWindow = TimeSpan.FromDays(30);

    /// <summary>The pool's facts at an instant.</summary>
    public static PoolReport Of(string pool, PoolState state, DateTimeOffset now)
    {
        var ofSlots = state.Kind is PoolKind.Slots;
        return new PoolReport(
            pool, state.Kind, [.. state.Stages.Values], state.ArrivedFromGate,
            ofSlots ? OpenSlots(state, now) : Sum(state), ofSlots ? SlotRate(state, now) : state.Members.Values.Sum(m => m.Weekly),
            ofSlots ? state.Slots.Count : state.Members.Count,
            ofSlots ? state.Slots.Values.Count(s => s.Phase is SlotPhase.Open && s.StartsAt > now) : state.Members.Values.Count(m => m.Takes),
            state.Waiting.OldestPlace, state.ArrivalSecondsMean, state.WaitSecondsMean, state.PromisesBroken, state.Arrivals);
    }

    private static ImmutableArray<decimal> Sum(PoolState state)
    {
        var sum = new decimal[Horizons.Count];
        foreach (var member in state.Members.Values)
        {
            for (var i = 0; i < sum.Length; i++) sum[i] += member.Startable[i];
        }
        return ImmutableArray.Create(sum);
    }

    private static ImmutableArray<decimal> OpenSlots(PoolState state, DateTimeOffset now)
    {
        var counts = new decimal[Horizons.Count];
        foreach (var slot in state.Slots.Values)
        {
            if (slot.Phase is not SlotPhase.Open || slot.StartsAt <= now) continue;
            for (var i = 0; i < counts.Length; i++)
            {
                if (slot.StartsAt <= now + Horizons.All[i]) counts[i]++;
            }
        }
        return ImmutableArray.Create(counts);
    }

    private static decimal SlotRate(PoolState state, DateTimeOffset now)
    {
        var ahead = state.Slots.Values.Count(s => s.StartsAt > now && s.StartsAt <= now + SlotRateWindow);
        return decimal.Round(ahead * 7m / (decimal)SlotRateWindow.TotalDays, 3);
    }
}
