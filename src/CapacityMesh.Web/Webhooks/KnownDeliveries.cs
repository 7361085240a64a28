using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Web.Webhooks;

/// <summary>Which deliveries have a row, asked for many facts of one span: read by pages, since a question for each would take longer than what happened.</summary>
/// <param name="rows">The rows.</param>
/// <param name="since">Where the span begins; older ones are asked for one by one.</param>
internal sealed class KnownDeliveries(IRowStore rows, DateTimeOffset since)
{
    private const int PageMax = 500;
    private readonly Dictionary<(string Workspace, string Webhook), HashSet<string>> read = [];

    /// <summary>Whether a fact's delivery has one.</summary>
    public async ValueTask<bool> HasAsync(RowKey delivery, DateTimeOffset at, CancellationToken cancel)
    {
        if (at < since) return await rows.GetAsync(delivery, cancel) is not null;
        var of = (delivery.Workspace, delivery.Key);
        if (!read.TryGetValue(of, out var ids)) read[of] = ids = await ReadAsync(delivery.Workspace, delivery.Key, cancel);
        return ids.Contains(delivery.Item);
    }

    private async ValueTask<HashSet<string>> ReadAsync(string workspace, string webhook, CancellationToken cancel)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        RowKey? after = WebhookCourier.RowOf(workspace, webhook, WebhookWords.DeliveryIdsSince(since));
        while (true)
        {
            var page = await rows.ListAsync(workspace, RowTables.Deliveries, webhook, after, PageMax, cancel);
            foreach (var row in page) ids.Add(row.Key.Item);
            if (page.Count < PageMax) return ids;
            after = page[^1].Key;
        }
    }
}
