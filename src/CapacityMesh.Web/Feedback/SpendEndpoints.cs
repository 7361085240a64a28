using System.Globalization;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Feedback;

/// <summary>The spend table: polled cheaply by version, or waited for.</summary>
internal sealed class SpendEndpoints(SpendWatch watch, WebOptions options) : IEndpoints
{
    // Below what proxies usually allow a silent connection.
    private const int WaitSecondsMax = 55;

    public void Map(Routes routes)
    {
        routes.Get("/v1/spend", Access.Spend, "What every campaign is to do; ETag is the version, wait long-polls", TableAsync).Asks("wait").Gives<SpendReply>().GivesNothing(StatusCodes.Status304NotModified);
        routes.Get("/v1/spend/{campaign}", Access.Spend, "What one campaign is to do", LineAsync).Asks("wait").Gives<SpendLineReply>().GivesNothing(StatusCodes.Status304NotModified).Refuses(404);
    }

    private async Task TableAsync(ApiCall call)
    {
        var flow = await NewestAsync(call);
        if (!IsNotModified(call, flow?.SpendVersion ?? 0)) await call.ReplyAsync(SpendReply.Of(flow, call.Mesh.Now, options.SpendLease));
    }

    private async Task LineAsync(ApiCall call)
    {
        var campaign = call.Key("campaign");
        var flow = await NewestAsync(call);
        if (flow?.Campaigns.GetValueOrDefault(campaign) is not { } report) throw new ProblemException(Problem.NotFound("campaignUnknown", "There is no such campaign."));
        if (IsNotModified(call, flow.SpendVersion)) return;
        await call.ReplyAsync(new SpendLineReply(SpendLine.Of(report, call.Mesh.Now + options.SpendLease), flow.SpendVersion, call.Mesh.Now, flow.Constraint?.Pool));
    }

    private async Task<FlowState?> NewestAsync(ApiCall call)
    {
        var wait = call.Number("wait", 0, 0, 3_600);
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        var present = flow?.SpendVersion ?? 0;
        var isKnown = call.Http.Request.Headers.IfNoneMatch.Count == 0 || Knows(call, present);
        return wait == 0 || !isKnown ? flow : await watch.WaitAsync(call.Workspace, present, TimeSpan.FromSeconds(Math.Min(wait, WaitSecondsMax)), call.Cancel);
    }

    private static bool IsNotModified(ApiCall call, long version)
    {
        call.Http.Response.Headers.ETag = TagOf(version);
        if (!Knows(call, version)) return false;
        call.Http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static bool Knows(ApiCall call, long version)
    {
        var tag = TagOf(version);
        return call.Http.Request.Headers.IfNoneMatch.Any(h => h is not null && h.Split(',', StringSplitOptions.TrimEntries).Any(t => t == tag || t == $"W/{tag}" || t == "*"));
    }

    private static string TagOf(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";
}
