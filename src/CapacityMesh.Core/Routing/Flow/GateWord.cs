using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// What the gate says, and why. Precedence of reasons, first that applies: misconfigured, suspended, gated, exceedsMax (deflected), admitted.
/// </summary>
public static class GateWord
{
    /// <summary>Why the gate is closed; null when it is open.</summary>
    public static Reason? WhyClosed(FlowState state)
    {
        if (state.Process.Version == 0) return new Reason("misconfigured", "No process is published yet, so no stage can serve the lead.");
        if (state.Admissible > 0) return null;
        foreach (var pool in state.Process.Pools)
        {
            if (state.Process.Stages.Any(s => s.Pool == pool.Id) && (state.Pools.GetValueOrDefault(pool.Id)?.People ?? 0) == 0)
            {
                return new Reason("misconfigured", $"The pool {pool.Id} has no {(pool.Kind is PoolKind.People ? "people" : "slots ahead")}.");
            }
        }
        var tightest = state.Headroom.MinBy(h => h.Headroom)!;
        var report = state.Pools.GetValueOrDefault(tightest.Pool);
        if (report is { Kind: PoolKind.People, Available: 0 } && tightest.Capacity == 0)
        {
            return new Reason("suspended", $"Nobody in {tightest.Pool} is available within the promise.");
        }
        return new Reason("gated", $"{tightest.Pool} has enough on its way: {tightest.Committed:0.##} units, and {tightest.Capacity:0.##} can be begun within {Days(tightest.Window)}. Leads come in as it can take them and keep its promise.");
    }

    /// <summary>When a lead in this place at the gate may expect to be let in; null when nothing is known.</summary>
    public static DateTimeOffset? ExpectedFromWaitlist(FlowState state, int position, DateTimeOffset now)
    {
        var perWeek = state.SustainablePerWeek;
        return perWeek <= 0 ? null : Ahead(now, position / perWeek);
    }

    /// <summary>Place in the first pool's line for a lead let in now, and when somebody may be expected to take it.</summary>
    public static (int Position, DateTimeOffset? ExpectedAt) AtFirstStage(FlowState state, DateTimeOffset now)
    {
        var first = state.Process.Stages[0];
        var report = state.Pools.GetValueOrDefault(first.Pool);
        var position = (report?.Stages.Sum(s => s.Queued) ?? 0) + HeadroomModel.OnTheWay(state) + 1;
        return (position, report is { Available: > 0 } && position <= report.Available ? now : ExpectedFromQueue(state, first, position, now));
    }

    /// <summary>When a lead in this place of the line before a stage may expect to be taken; null when nobody is there to take it.</summary>
    public static DateTimeOffset? ExpectedFromQueue(FlowState state, Stage stage, int position, DateTimeOffset now)
    {
        var perWeek = state.Pools.GetValueOrDefault(stage.Pool)?.WeeklyCapacity ?? 0;
        return perWeek <= 0 ? null : Ahead(now, position * stage.Effort / perWeek);
    }

    /// <summary>Why a lead waits at the gate, and what would let it in; null when it does not wait there.</summary>
    public static Explanation? Explain(FlowState state, string leadId)
    {
        var position = state.Waitlist.PositionOf(leadId);
        if (position == 0) return null;
        if (WhyClosed(state) is not { } why) return new Explanation(new Reason("pending", "The gate is open; it is being let in right now."), [], position);
        var changes = new List<string>();
        if (state.Process.Version == 0) changes.Add("Publish a process.");
        foreach (var pool in state.Headroom.Where(h => h.Headroom - state.AdmittedSince <= 0))
        {
            changes.Add($"Add capacity to {pool.Pool}: {pool.Committed:0.##} of {pool.Capacity:0.##} units are committed.");
        }
        if (position > 1) changes.Add($"{position - 1} before it are let in, or leave.");
        return new Explanation(why, [.. changes], position);
    }

    private static string Days(TimeSpan window) => window.TotalDays >= 2 ? $"{window.TotalDays:0} days" : $"{window.TotalHours:0} hours";

    private static DateTimeOffset? Ahead(DateTimeOffset now, decimal weeks) => weeks > 520 ? null : now + TimeSpan.FromDays((double)weeks * 7);
}
