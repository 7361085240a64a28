using CapacityMesh.Core.Routing;

namespace CapacityMesh.Web.Routing;

/// <summary>A stage as its pool sees it.</summary>
internal sealed record PoolStageView(string Id, int Queued, int Offered, int InProgress, long Passed, long Lost);

/// <summary>A pool, on the board and in the API.</summary>
internal sealed record PoolView(
    string Id, PoolKind Kind, int Queued, int Offered, int InProgress, int People, int Available, decimal WeeklyCapacity, decimal SustainablePerWeek, int Headroom,
    decimal Utilization, DateTimeOffset? OldestSince, long PromisesBroken, double WaitSecondsMean, IReadOnlyList<PoolStageView> Stages)
{
    /// <summary>From the pool's own facts, and what Flow makes of them.</summary>
    public static PoolView Of(PoolReport report, FlowState? flow)
    {
        var measured = flow?.Headroom.FirstOrDefault(h => h.Pool == report.Pool);
        return new PoolView(
            report.Pool, report.Kind, report.Stages.Sum(s => s.Queued), report.Stages.Sum(s => s.Placed), report.Stages.Sum(s => s.Working), report.People, report.Available,
            report.WeeklyCapacity, measured?.SustainablePerWeek ?? 0, Math.Max(0, (measured?.Headroom ?? 0) - (flow?.AdmittedSince ?? 0)), measured?.Utilization ?? 0, report.OldestPlace,
            report.PromisesBroken, Math.Round(report.WaitSecondsMean, 1), [.. report.Stages.Select(s => new PoolStageView(s.Stage, s.Queued, s.Placed, s.Working, s.PassedTotal, s.LostTotal))]);
    }

    /// <summary>A pool that has not reported.</summary>
    public static PoolView Silent(PoolDefinition pool) => new(pool.Id, pool.Kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, []);

    /// <summary>The pools of the process, in its order, then those that only older versions name.</summary>
    public static IReadOnlyList<PoolView> All(FlowState flow) =>
    [
        .. flow.Process.Pools.Select(p => flow.Pools.TryGetValue(p.Id, out var report) ? Of(report, flow) : Silent(p)),
        .. flow.Pools.Values.Where(r => flow.Process.Pools.All(p => p.Id != r.Pool)).Select(r => Of(r, flow)),
    ];
}
