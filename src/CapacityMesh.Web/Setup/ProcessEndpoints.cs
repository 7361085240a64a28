using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>The process: published whole, each time as a new version.</summary>
internal sealed class ProcessEndpoints : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Put("/v1/process", Access.Operator, "Publish a version of the process; always 200", PutAsync).Takes<ProcessBody>().Gives<ProcessReply>().Refuses(409, 422);
        routes.Get("/v1/process", Access.Operator, "The process in force", GetAsync).Gives<ProcessReply>().Refuses(404);
    }

    private static async Task PutAsync(ApiCall call)
    {
        var process = (await call.BodyAsync<ProcessBody>()).ToProcess(call.Mesh.World);
        var answer = await call.AskAsync(call.Flow, new FlowCommand.DefineProcess(process));
        var published = process with { Version = ((ProcessPublished)answer).Version };
        await Settle.PoolsAsync(call, published);
        await call.ReplyAsync(ProcessReply.Of(published));
    }

    private static async Task GetAsync(ApiCall call)
    {
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        if (flow is null or { Process.Version: 0 }) throw new ProblemException(Problem.NotFound("processUnknown", "No process is published yet."));
        await call.ReplyAsync(ProcessReply.Of(flow.Process));
    }
}
