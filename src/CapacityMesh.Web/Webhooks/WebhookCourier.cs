using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Web.Webhooks;

/// <summary>One sender for each webhook, from the first delivery, or the start, to the webhook's end.</summary>
internal sealed class WebhookCourier(IMesh mesh, WebhookBook book, IDuty duty, CalloutClient client, Backoff backoff, WebOptions options, TimeProvider time, ILogger<WebhookCourier> log) : IMetricsSource, IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Workspace, string Webhook), Lazy<(WebhookSender Sender, Task Work)>> senders = new();
    private readonly CancellationTokenSource stop = new();
    private long deferred;
    private bool isOver;

    /// <summary>A delivery's row.</summary>
    public static RowKey RowOf(string workspace, string webhook, string delivery) => new(workspace, RowTables.Deliveries, webhook, delivery);

    /// <inheritdoc cref="DeliveryLanes.Offer"/>
    public void Offer(string workspace, string webhook, DeliveryRecord delivery, bool again = false)
    {
        // Its row stands; the member that has the duty looks for it.
        if (duty.IsMine) SenderOf(workspace, webhook).Offer(delivery, again);
    }

    /// <summary>Begins to send what an earlier life has left.</summary>
    public void Begin(string workspace, string webhook)
    {
        if (duty.IsMine) SenderOf(workspace, webhook);
    }

    /// <summary>Another member sends from now on: what is left stands in its rows.</summary>
    public async Task RestAsync()
    {
        foreach (var key in senders.Keys.ToArray())
        {
            if (!senders.TryRemove(key, out var sender)) continue;
            sender.Value.Sender.Stop();
            await sender.Value.Work;
        }
    }

    /// <summary>Whether a webhook has as much waiting as is kept.</summary>
    public bool IsFull(string workspace, string webhook) => SenderOf(workspace, webhook).IsFull;

    /// <summary>Whether a webhook that was full has room for many more.</summary>
    public bool HasRoom(string workspace, string webhook) => SenderOf(workspace, webhook).HasRoom;

    /// <summary>Counts a message that stays in the journal until there is room.</summary>
    public void CountDeferred() => Interlocked.Increment(ref deferred);

    /// <summary>The webhook is gone.</summary>
    public void End(string workspace, string webhook)
    {
        if (senders.TryRemove((workspace, webhook), out var sender)) sender.Value.Sender.Stop();
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect()
    {
        yield return new Metric("capacitymesh_webhook_messages_deferred_total", true, "Messages left in the journal for later, since their webhook had too many waiting.", Interlocked.Read(ref deferred));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Twice, since it is registered under two names.
        if (Interlocked.Exchange(ref isOver, true)) return;
        await stop.CancelAsync();
        foreach (var sender in senders.Values) await sender.Value.Work;
        stop.Dispose();
    }

    private WebhookSender SenderOf(string workspace, string webhook) => senders.GetOrAdd((workspace, webhook), key => new Lazy<(WebhookSender, Task)>(() =>
    {
        var sender = new WebhookSender(key.Workspace, key.Webhook, mesh, book, client, backoff, options.WebhookPendingMax, time, log);
        return (sender, Task.Run(() => sender.RunAsync(stop.Token)));
    })).Value.Sender;
}
