using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Reports;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Setup;
using CapacityMesh.Web.Webhooks;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>One wire of a layer.</summary>
internal sealed record WireView(string Code, string Text);

/// <summary>One layer of a channel.</summary>
internal sealed record LayerView(IReadOnlyList<WireView> Wired, IReadOnlyList<WireView> Missing);

/// <summary>One channel against the four layers.</summary>
internal sealed record ChannelView(string Channel, bool IsWhole, LayerView Capture, LayerView Routing, LayerView Execution, LayerView Feedback);

/// <summary>What came through a connector, by what became of it.</summary>
internal sealed record ConnectorLine(string Connector, string Platform, string Result, long Count, DateTimeOffset LastAt);

/// <summary>Leads that no campaign has a claim to.</summary>
/// <param name="Leads">How many ever came.</param>
/// <param name="UnknownCampaigns">Names and platform ids that they came under and that nobody described, the first hundred.</param>
internal sealed record UnattributedView(long Leads, IReadOnlyList<UnknownCampaign> UnknownCampaigns);

/// <summary>A webhook that has fallen behind.</summary>
internal sealed record LaggardView(string Webhook, DateTimeOffset Since);

/// <summary>The audit.</summary>
internal sealed record AuditReply(
    DateTimeOffset AsOf, IReadOnlyList<ChannelView> Channels, UnattributedView Unattributed, IReadOnlyList<ConnectorLine> Received, int ParkedLeads, IReadOnlyList<LaggardView> WebhooksBehind);

/// <summary>Each channel against the four layers: what is wired, what is missing, and what went wrong on the way in.</summary>
internal sealed class AuditEndpoint(IEnumerable<IWireCheck> checks, ConnectorBook connectors, WebhookBook webhooks, CaptureNotes notes, ParkedLeads parked) : IEndpoints
{
    private const int ConnectorsMax = 500;

    public void Map(Routes routes) =>
        routes.Get("/v1/audit", Access.Operator, "Each channel against the four layers: what is wired, what is missing", GetAsync).Gives<AuditReply>();

    private async Task GetAsync(ApiCall call)
    {
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        KeyValuePair<string, CampaignState>[] campaigns = [.. (await CampaignFacts.ReadAsync(call)).All];
        ConnectorRecord[] own = [.. (await connectors.ListAsync(call.Workspace, null, ConnectorsMax, call.Cancel)).Select(c => c.Value)];
        var views = new List<ChannelView>();
        foreach (var channel in campaigns.Select(c => c.Value.Profile.Channel).Concat(own.Select(c => c.Platform)).Distinct().Order(StringComparer.Ordinal))
        {
            views.Add(await ChannelAsync(new ChannelScope(
                call.Workspace, channel, Platforms.Parse(channel), [.. campaigns.Where(c => c.Value.Profile.Channel == channel)], [.. own.Where(c => c.Platform == channel)],
                flow, webhooks.Of(call.Workspace), call.Mesh.Now), call.Cancel));
        }
        var lines = new List<ConnectorLine>();
        foreach (var connector in own)
        {
            foreach (var (result, note) in await notes.OfAsync(call.Workspace, connector.Id, call.Cancel)) lines.Add(new ConnectorLine(connector.Id, connector.Platform, result, note.Count, note.LastAt));
        }
        var laggards = await LaggardsAsync(call);
        await call.ReplyAsync(new AuditReply(call.Mesh.Now, views, await UnattributedAsync(call), lines, await parked.CountAsync(own, call.Cancel), laggards));
    }

    private async ValueTask<ChannelView> ChannelAsync(ChannelScope scope, CancellationToken cancel)
    {
        var wires = new List<ChannelWire>();
        foreach (var check in checks) wires.AddRange(await check.CheckAsync(scope, cancel));
        return new ChannelView(scope.Channel, wires.All(w => w.IsWired), Of(Layer.Capture), Of(Layer.Routing), Of(Layer.Execution), Of(Layer.Feedback));

        LayerView Of(Layer layer) => new(
            [.. wires.Where(w => w.Layer == layer && w.IsWired).Select(w => new WireView(w.Code, w.Text))], [.. wires.Where(w => w.Layer == layer && !w.IsWired).Select(w => new WireView(w.Code, w.Text))]);
    }

    private static async ValueTask<UnattributedView> UnattributedAsync(ApiCall call)
    {
        var leads = await call.StateAsync<CampaignState>(EntityKind.Campaign, Submission.Unattributed);
        var names = await call.Mesh.Journal.Rows.ReadAsync<UnknownCampaignList>(Documents.Key(call.Workspace, UnknownCampaigns.Kind, UnknownCampaigns.Id), call.Cancel);
        var open = new List<UnknownCampaign>();
        foreach (var name in names?.Items ?? [])
        {
            // Described since: no longer a question.
            if (!FieldErrors.IsKey(name.Name) || await call.StateAsync<CampaignState>(EntityKind.Campaign, name.Name) is not { IsConfigured: true }) open.Add(name);
        }
        return new UnattributedView(leads?.CountOf(Outcome.Captured) ?? 0, open);
    }

    private async ValueTask<IReadOnlyList<LaggardView>> LaggardsAsync(ApiCall call)
    {
        var laggards = new List<LaggardView>();
        foreach (var webhook in webhooks.Of(call.Workspace))
        {
            if (await call.Mesh.Journal.Rows.ReadAsync<FeedPosition>(WebhookBook.LagKey(call.Workspace, webhook.Id), call.Cancel) is { } lag) laggards.Add(new LaggardView(webhook.Id, lag.At));
        }
        return laggards;
    }
}
