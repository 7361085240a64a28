using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Routing;

/// <summary>What was expected, beside what happened.</summary>
internal sealed class ForecastEndpoints(ForecastBook book) : IEndpoints
{
    public void Map(Routes routes) =>
        routes.Get("/v1/forecast", Access.Operator, "What is expected of the next eight weeks, earlier forecasts beside what happened, and their score", ReadAsync).Gives<ForecastReply>();

    private async Task ReadAsync(ApiCall call)
    {
        var records = await book.ReadAsync(call.Workspace, call.Cancel);
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        var now = flow is null || records.Count == 0 ? null
            : new ForecastRecord(call.Mesh.Now, [], await ForecastCounts.ReadAsync(call.Mesh, call.Workspace, flow, call.Cancel), flow.Constraint?.Pool, flow.Process.Version);
        await call.ReplyAsync(ForecastReply.Of(records, now));
    }
}
