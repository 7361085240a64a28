using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>
/// Webhooks with more waiting than is kept. Nothing is lost by it: the first fact that found no room is noted durably, and when half of what waits is
/// gone, the journal is read again from there. A fact whose delivery is over already may be told again, under the same id.
/// </summary>
internal sealed class WebhookLags(IMesh mesh, WebhookBook book, WebhookCourier courier) : IMetricsSource
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Workspace, string Webhook), FeedPosition> behind = new();

    /// <summary>Whether nobody is behind.</summary>
    public bool IsEmpty => behind.IsEmpty;

    /// <summary>Reads what an earlier life has noted.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        behind.Clear();
        foreach (var workspace in book.Workspaces.ToArray())
        {
            foreach (var webhook in book.Of(workspace))
            {
                if (await mesh.Journal.Rows.ReadAsync<FeedPosition>(WebhookBook.LagKey(workspace, webhook.Id), cancel) is { } since) behind[(workspace, webhook.Id)] = since;
            }
        }
    }

    /// <summary>Whether a fact stays in the journal for now. The first that does is noted before anything else is.</summary>
    public async ValueTask<bool> HoldsBackAsync(string workspace, string webhook, CommittedFact fact, CancellationToken cancel)
    {
        var isBehind = behind.ContainsKey((workspace, webhook));
        if (!isBehind && !courier.IsFull(workspace, webhook)) return false;
        courier.CountDeferred();
        if (isBehind) return true;
        // Facts of different entities are not committed in the order of their instants: a little before, so that none is left out.
        var since = new FeedPosition(fact.At - Margin, await FlowVersionAsync(workspace, cancel));
        await mesh.Journal.Rows.ApplyAsync([Documents.Row(WebhookBook.LagKey(workspace, webhook), since)], cancel);
        behind[(workspace, webhook)] = since;
        return true;
    }

    /// <summary>Webhooks that may catch up now.</summary>
    public IReadOnlyList<(string Workspace, WebhookRecord Webhook, FeedPosition Since)> Ready()
    {
        if (behind.IsEmpty) return [];
        var ready = new List<(string, WebhookRecord, FeedPosition)>();
        foreach (var (key, since) in behind)
        {
            if (book.Find(key.Workspace, key.Webhook) is not { } webhook) behind.TryRemove(key, out _);
            else if (courier.HasRoom(key.Workspace, key.Webhook)) ready.Add((key.Workspace, webhook, since));
        }
        return ready;
    }

    /// <summary>It has caught up to there.</summary>
    public async ValueTask MoveAsync(string workspace, string webhook, FeedPosition to, CancellationToken cancel)
    {
        await mesh.Journal.Rows.ApplyAsync([Documents.Row(WebhookBook.LagKey(workspace, webhook), to)], cancel);
        behind[(workspace, webhook)] = to;
    }

    /// <summary>It has caught up.</summary>
    public async ValueTask EndAsync(string workspace, string webhook, CancellationToken cancel)
    {
        await mesh.Journal.Rows.ApplyAsync([new RowChange(WebhookBook.LagKey(workspace, webhook), null)], cancel);
        behind.TryRemove((workspace, webhook), out _);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect()
    {
        yield return new Metric("capacitymesh_webhooks_behind", false, "Webhooks with more waiting than is kept; what they miss stands in the journal.", behind.Count);
    }

    // The feed's own position lies before the fact.
    private async ValueTask<long> FlowVersionAsync(string workspace, CancellationToken cancel) =>
        (await mesh.Journal.Rows.ReadAsync<FeedPosition>(WebhookBook.PositionKey(workspace), cancel))?.FlowVersion ?? 0;
}
