using System.Collections.Concurrent;
using System.Threading.Channels;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Execution;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>
/// Turns committed facts into deliveries. Each is a row before it is sent, and a position says how far the facts have become rows: after a restart, or
/// when the facts came faster than the rows, the journal is read from there. A fact may be told twice, under the same id; never not at all.
/// </summary>
internal sealed class WebhookFeed(IMesh mesh, WebhookBook book, WebhookLags lags, FactHistory history, WebhookCourier courier, IDuty duty, WebOptions options, TimeProvider time, ILogger<WebhookFeed> log) : BackgroundService
{
    private const int FactsMax = 50_000;
    private const int BatchMax = 500;
    // Facts of one webhook gathered at once: some 20 MB.
    private const int RoomMax = 20_000;
    private static readonly TimeSpan NotePositionEvery = TimeSpan.FromSeconds(10);
    // How soon a webhook is known that was described at another member.
    private static readonly TimeSpan LookAtBookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookForRoomEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private readonly Channel<CommittedFact> facts = Channel.CreateBounded<CommittedFact>(new BoundedChannelOptions(FactsMax) { SingleReader = true });
    private readonly ConcurrentDictionary<string, FeedPosition> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeedPosition> noted = new(StringComparer.Ordinal);
    private readonly bool isSole = duty is SoleMember;
    private IDisposable? follow;
    private volatile bool isBehind = true;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        follow = mesh.Follow(Observe, Wants);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        follow?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var lost = await duty.TakeAsync(stoppingToken);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lost);
                await RunAsync(either.Token);
                // Another member goes on from the position that we noted.
                await courier.RestAsync();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        var isLoaded = false;
        isBehind = true;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) await book.LoadAsync(cancel);
                if (!isLoaded) await lags.LoadAsync(cancel);
                isLoaded = true;
                if (isBehind) await CatchUpAsync(cancel);
                await DrainAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever was taken from the channel is in the journal.
                isBehind = true;
                log.LogError("Deliveries could not be written: {Fault}", fault.GetType().FullName);
                await Task.Delay(AgainAfter, time, CancellationToken.None);
            }
        }
    }

    // On the committer's thread: no I/O, no JSON.
    private bool Wants(EntityId entity) => duty.IsMine && entity.Kind is (EntityKind.Flow or EntityKind.Lead) && book.Of(entity.Workspace).Count > 0;

    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (!Wants(turn.Entity)) continue;
            var webhooks = book.Of(turn.Entity.Workspace);
            for (var i = 0; i < turn.Events.Count; i++)
            {
                if (WebhookWords.TypeOf(turn.Events[i]) is not { } type || !webhooks.Any(w => w.Wants(type))) continue;
                if (!facts.Writer.TryWrite(new CommittedFact(turn.Entity, turn.Version, i, turn.At, turn.Events[i], turn.State))) isBehind = true;
            }
            // After the facts: whoever reads this position first finds all facts before it in the channel.
            var before = seen.GetValueOrDefault(turn.Entity.Workspace);
            seen[turn.Entity.Workspace] = new FeedPosition(turn.At, turn.Entity.Kind is EntityKind.Flow ? turn.Version : before?.FlowVersion ?? 0);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        isBehind = false;
        foreach (var workspace in book.Workspaces.ToArray())
        {
            var key = WebhookBook.PositionKey(workspace);
            if (await mesh.Journal.Rows.ReadAsync<FeedPosition>(key, cancel) is not { } position) continue;
            noted[workspace] = position;
            foreach (var webhook in book.Of(workspace)) courier.Begin(workspace, webhook.Id);
            var withLeads = book.Of(workspace).Any(w => w.Events.Any(e => e == "promise.broken" || e.StartsWith("lead.", StringComparison.Ordinal)));
            var batch = new List<CommittedFact>(BatchMax);
            var known = new KnownDeliveries(mesh.Journal.Rows, FactHistory.Begin(position));
            await foreach (var fact in history.SinceAsync(workspace, position, withLeads, WebhookWords.IsNews, cancel))
            {
                batch.Add(fact);
                if (batch.Count < BatchMax) continue;
                await WriteAsync(batch, known, cancel);
                batch.Clear();
            }
            await WriteAsync(batch, known, cancel);
        }
    }

    // A webhook that had more waiting than is kept: what it missed stands in the journal, and comes in the order in which it happened, as much as there is
    // room for. What does not fit is read another time, from the last that did.
    private async Task CatchUpAsync(string workspace, WebhookRecord webhook, FeedPosition since, CancellationToken cancel)
    {
        var withLeads = webhook.Events.Any(e => e == "promise.broken" || e.StartsWith("lead.", StringComparison.Ordinal));
        var room = (int)Math.Clamp(options.WebhookPendingMax / 2, 1, RoomMax);
        var oldest = new SortedSet<CommittedFact>(WebhookWords.InTime);
        var isMore = false;
        await foreach (var fact in history.SinceAsync(workspace, since, withLeads, WebhookWords.IsNews, cancel))
        {
            if (fact.At < since.At || !webhook.Wants(WebhookWords.TypeOf(fact.Fact)!)) continue;
            oldest.Add(fact);
            if (oldest.Count <= room) continue;
            oldest.Remove(oldest.Max!);
            isMore = true;
        }
        var known = new KnownDeliveries(mesh.Journal.Rows, since.At);
        foreach (var part in oldest.Chunk(BatchMax)) await WriteAsync(part, known, cancel, webhook);
        if (isMore) await lags.MoveAsync(workspace, webhook.Id, since with { At = oldest.Max!.At }, cancel);
        else await lags.EndAsync(workspace, webhook.Id, cancel);
    }

    private async Task DrainAsync(CancellationToken cancel)
    {
        var more = facts.Reader.WaitToReadAsync(cancel).AsTask();
        while (!isBehind)
        {
            await Task.WhenAny(more, Task.Delay(!lags.IsEmpty ? LookForRoomEvery : isSole ? NotePositionEvery : LookAtBookEvery, time, cancel));
            cancel.ThrowIfCancellationRequested();
            // Before the book is read again: what a webhook wants that was described since then lies behind these.
            KeyValuePair<string, FeedPosition>[] positions = [.. seen];
            // Described at another member: what it wants is read from where its workspace was noted.
            if (!isSole && await book.RefreshAsync(cancel)) isBehind = true;
            var batch = new List<CommittedFact>();
            while (batch.Count < FactsMax && facts.Reader.TryRead(out var fact)) batch.Add(fact);
            foreach (var part in batch.Chunk(BatchMax)) await WriteAsync(part, null, cancel);
            if (!isBehind) await NoteAsync(positions, cancel);
            foreach (var (workspace, webhook, since) in lags.Ready()) await CatchUpAsync(workspace, webhook, since, cancel);
            if (more.IsCompleted) more = facts.Reader.WaitToReadAsync(cancel).AsTask();
        }
    }

    private async ValueTask NoteAsync(KeyValuePair<string, FeedPosition>[] positions, CancellationToken cancel)
    {
        var moved = new List<RowChange>();
        foreach (var (workspace, position) in positions)
        {
            var before = noted.GetValueOrDefault(workspace);
            // Rarely, when nothing else happens: what lies between is read again after a restart, and known by its ids.
            if (position == before || (before is not null && position.At - before.At < NotePositionEvery)) continue;
            var next = position with { FlowVersion = Math.Max(position.FlowVersion, before?.FlowVersion ?? 0) };
            noted[workspace] = next;
            moved.Add(Documents.Row(WebhookBook.PositionKey(workspace), next));
        }
        if (moved.Count > 0) await mesh.Journal.Rows.ApplyAsync(moved, cancel);
    }

    // Whoever speaks to a person reads what was promised to them.
    private async ValueTask<PromiseBody?> PromiseAsync(CommittedFact fact, CancellationToken cancel) =>
        fact is { Fact: LeadEvent.TouchDue, State: LeadState lead } ? await PromiseEndpoints.OfAsync(mesh.Journal.Rows, fact.Entity.Workspace, lead.Campaign, cancel) : null;

    private async ValueTask WriteAsync(IReadOnlyList<CommittedFact> batch, KnownDeliveries? known, CancellationToken cancel, WebhookRecord? only = null)
    {
        var rows = new List<RowChange>();
        var fresh = new List<(string Workspace, string Webhook, DeliveryRecord Delivery)>();
        foreach (var fact in batch)
        {
            var (workspace, type) = (fact.Entity.Workspace, WebhookWords.TypeOf(fact.Fact)!);
            string? payload = null;
            foreach (var webhook in book.Of(workspace).Where(w => (only is null || w.Id == only.Id) && w.Wants(type) && fact.At >= w.CreatedAt))
            {
                var key = WebhookCourier.RowOf(workspace, webhook.Id, WebhookWords.DeliveryIdOf(fact));
                if (known is not null ? await known.HasAsync(key, fact.At, cancel) : await mesh.Journal.Rows.GetAsync(key, cancel) is not null) continue;
                if (only is null && await lags.HoldsBackAsync(workspace, webhook.Id, fact, cancel)) continue;
                var now = time.GetUtcNow();
                payload ??= WebhookWords.PayloadOf(fact, options.SpendLease, await PromiseAsync(fact, cancel));
                var delivery = new DeliveryRecord(key.Item, WebhookWords.MessageIdOf(fact), type, WebhookWords.LaneOf(fact), payload, DeliveryState.Pending, now, 0, now, null, null, null);
                fresh.Add((workspace, webhook.Id, delivery));
                rows.Add(Documents.Row(key, delivery));
            }
        }
        if (rows.Count == 0) return;
        await mesh.Journal.Rows.ApplyAsync(rows, cancel);
        foreach (var (workspace, webhook, delivery) in fresh) courier.Offer(workspace, webhook, delivery);
    }
}
