using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>Sends one webhook's deliveries. Each webhook has its own, so that a receiver that hangs holds up nobody else.</summary>
internal sealed class WebhookSender(string workspace, string webhookId, IMesh mesh, WebhookBook book, CalloutClient client, Backoff backoff, long pendingMax, TimeProvider time, ILogger log) : IDisposable
{
    private const int AtOnceMax = 4;
    private const int PageMax = 500;
    // What a person looks through.
    private const int DeliveredKept = 200;
    private const int DeadKept = 1_000;
    // Longer than whoever takes over reads back: a minute before a position that is noted every ten seconds.
    private static readonly TimeSpan DeliveredKeptFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(1);
    private readonly DeliveryLanes lanes = new();
    private readonly SemaphoreSlim bell = new(0);
    private readonly SemaphoreSlim places = new(AtOnceMax);
    private readonly FinishedLetters delivered = new(DeliveredKept, DeliveredKeptFor);
    private readonly FinishedLetters dead = new(DeadKept, TimeSpan.Zero);
    private readonly CancellationTokenSource end = new();
    private long pending;

    /// <summary>Whether no more can wait.</summary>
    public bool IsFull => Interlocked.Read(ref pending) >= pendingMax;

    /// <summary>Whether there is room for many more.</summary>
    public bool HasRoom => Interlocked.Read(ref pending) <= pendingMax / 2;

    /// <inheritdoc cref="DeliveryLanes.Offer"/>
    public void Offer(DeliveryRecord delivery, bool again)
    {
        Interlocked.Increment(ref pending);
        delivered.Forget(delivery.Id);
        dead.Forget(delivery.Id);
        lanes.Offer(delivery, again);
        bell.Release();
    }

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        try
        {
            while (true)
            {
                await places.WaitAsync(either.Token);
                DeliveryRecord? due;
                if (lanes.WantsMore) await FillAsync(either.Token);
                while ((due = lanes.TakeDue(time.GetUtcNow(), LookAgainEvery, out var pause)) is null)
                {
                    await bell.WaitAsync(pause, either.Token);
                    if (lanes.WantsMore) await FillAsync(either.Token);
                }
                _ = TryAsync(due, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What is left stands in its rows.
        }
    }

    /// <summary>The webhook is gone.</summary>
    public void Stop() => end.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        end.Dispose();
        bell.Dispose();
        places.Dispose();
    }

    private async Task FillAsync(CancellationToken cancel)
    {
        try
        {
            lanes.BeginFill();
            long found = 0;
            RowKey? after = null;
            while (true)
            {
                var page = await mesh.Journal.Rows.ListAsync(workspace, RowTables.Deliveries, webhookId, after, PageMax, cancel);
                foreach (var row in page)
                {
                    var delivery = System.Text.Json.JsonSerializer.Deserialize<DeliveryRecord>(row.Value.Span, Json.Wire.Options)!;
                    if (delivery.State is DeliveryState.Delivered) delivered.Keep(delivery.Id);
                    else if (delivery.State is DeliveryState.Dead) dead.Keep(delivery.Id);
                    else if (++found > 0 && !lanes.Fill(delivery)) return;
                }
                if (page.Count < PageMax) break;
                after = page[^1].Key;
            }
            Interlocked.Exchange(ref pending, found);
            lanes.EndFill();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError("Deliveries could not be read: {Fault}", fault.GetType().FullName);
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
        }
    }

    private async Task TryAsync(DeliveryRecord delivery, CancellationToken cancel)
    {
        var after = delivery with { Due = time.GetUtcNow() + LookAgainEvery };
        try
        {
            after = await SendAsync(delivery, cancel);
            await KeepAsync(after, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            // Sent, perhaps, but not noted: the same id goes out again.
            after = delivery with { Due = time.GetUtcNow() + LookAgainEvery };
            log.LogError("A delivery could not be noted: {Fault}", fault.GetType().FullName);
        }
        lanes.Return(after);
        if (after.State is not DeliveryState.Pending) Interlocked.Decrement(ref pending);
        places.Release();
        bell.Release();
    }

    private async Task<DeliveryRecord> SendAsync(DeliveryRecord delivery, CancellationToken cancel)
    {
        if (book.Find(workspace, webhookId) is not { } webhook) throw new OperationCanceledException(cancel);
        var (status, fault, retryAfter) = ((int?)null, (string?)null, (TimeSpan?)null);
        try
        {
            using var request = await RequestAsync(webhook, delivery, cancel);
            var reply = await client.SendAsync(request, cancel);
            (status, retryAfter) = (reply.Status, reply.RetryAfter);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or TimeoutException)
        {
            fault = (failed.InnerException as CalloutRefusedException ?? failed) switch
            {
                CalloutRefusedException refused => refused.Message,
                TimeoutException => "No answer in time.",
                _ => "No connection.",
            };
        }
        var now = time.GetUtcNow();
        var tried = delivery with { Attempts = delivery.Attempts + 1, LastStatus = status, LastFault = fault };
        if (status is >= 200 and < 300) return tried with { State = DeliveryState.Delivered, FinishedAt = now };
        return backoff.Next(now, delivery.Since, tried.Attempts, retryAfter) is { } next ? tried with { Due = next } : tried with { State = DeliveryState.Dead, FinishedAt = now };
    }

    private async ValueTask<HttpRequestMessage> RequestAsync(WebhookRecord webhook, DeliveryRecord delivery, CancellationToken cancel)
    {
        var key = await book.KeyAsync(workspace, webhook, cancel);
        var stamp = time.GetUtcNow().ToUnixTimeSeconds();
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Payload));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = content };
        request.Headers.Add("webhook-id", delivery.MessageId);
        request.Headers.Add("webhook-timestamp", stamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(key, delivery.MessageId, stamp, delivery.Payload));
        return request;
    }

    private async ValueTask KeepAsync(DeliveryRecord delivery, CancellationToken cancel)
    {
        var changes = new List<RowChange> { Documents.Row(WebhookCourier.RowOf(workspace, webhookId, delivery.Id), delivery) };
        var forgotten = delivery.State switch
        {
            DeliveryState.Delivered => delivered.Note(delivery.Id, time.GetUtcNow()),
            DeliveryState.Dead => dead.Note(delivery.Id, time.GetUtcNow()),
            _ => [],
        };
        foreach (var id in forgotten) changes.Add(new RowChange(WebhookCourier.RowOf(workspace, webhookId, id), null));
        await mesh.Journal.Rows.ApplyAsync(changes, cancel);
    }
}
