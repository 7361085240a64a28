using CapacityMesh.Core.Routing;

namespace CapacityMesh.Web.Routing;

/// <summary>The pool that would be next.</summary>
internal sealed record NextView(string Pool, int? Headroom);

/// <summary>The bottleneck, and what to do about it; everything is null before anything is known.</summary>
internal sealed record ConstraintReply(
    string? Pool, DateTimeOffset? Since, int? Headroom, decimal? Utilization, int Queued, int InProgress, decimal SustainablePerWeek, string? Explanation, NextView? Next,
    IReadOnlyList<string> Advice, DateTimeOffset? AdviceAt, IReadOnlyList<AdvisedView> AdvisedChanges, IReadOnlyList<PoolView> Pools)
{
    public static ConstraintReply Of(FlowState? flow, AdviceNote? note)
    {
        if (flow is null) return new ConstraintReply(null, null, null, null, 0, 0, 0, null, null, [], null, [], []);
        var pools = PoolView.All(flow);
        var pool = flow.Constraint is { } constraint ? pools.FirstOrDefault(p => p.Id == constraint.Pool) : null;
        return new ConstraintReply(
            flow.Constraint?.Pool, flow.Constraint?.Since, pool?.Headroom, pool?.Utilization, pool?.Queued ?? 0, pool is null ? 0 : pool.Offered + pool.InProgress,
            flow.SustainablePerWeek, flow.Constraint?.Explanation, NextOf(flow), Routing.Advice.Of(flow, note), note?.At, note?.Changes ?? [], pools);
    }

    /// <summary>The pool that would be next; null when there is no other.</summary>
    public static NextView? NextOf(FlowState flow) => flow.Constraint?.NextPool is { } next ? new NextView(next, flow.Constraint.NextHeadroom) : null;
}
