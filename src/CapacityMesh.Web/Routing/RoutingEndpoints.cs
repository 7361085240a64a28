using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Routing;

/// <summary>The pools, and which of them limits the business.</summary>
internal sealed class RoutingEndpoints(AdviceBook advice) : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/pools", Access.Operator, "The pools, in the order of the process", PoolsAsync).Gives<Page<PoolView>>();
        routes.Get("/v1/constraint", Access.Operator, "The constraint, why, and what to do about it", ConstraintAsync).Gives<ConstraintReply>();
        routes.Get("/v1/constraint/history", Access.Operator, "Where the constraint was, newest first", HistoryAsync).Gives<Page<ConstraintMove>>();
    }

    private static async Task PoolsAsync(ApiCall call) => await call.ReplyAsync(new Page<PoolView>(await FlowAsync(call) is { } flow ? PoolView.All(flow) : [], null));

    private async Task ConstraintAsync(ApiCall call)
    {
        var flow = await FlowAsync(call);
        await call.ReplyAsync(ConstraintReply.Of(flow, flow is null ? null : advice.Find(call.Workspace, flow)));
    }

    private static async Task HistoryAsync(ApiCall call) => await call.ReplyAsync(new Page<ConstraintMove>([.. (await FlowAsync(call))?.Moves.Reverse() ?? []], null));

    private static Task<FlowState?> FlowAsync(ApiCall call) => call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
}
