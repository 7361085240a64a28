using System.Collections.Concurrent;
using System.Threading.Channels;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>
/// Turns leads' steps into outcomes for platforms. Each is a row before it is sent, under an id that the step gives it: told twice, it is written once.
/// A position says how far the steps have become rows; what lies after it is read from the journal at the start, or when steps came faster than rows.
/// Of several processes one does all this, as long as it has the duty; the next one goes on from the position.
/// </summary>
internal sealed class OutcomeFeed(
    IMesh mesh, ConnectorBook connectors, OutcomeBook book, FactHistory history, OutcomeCourier courier, IEnumerable<IOutcomeUploader> uploaders, IDuty duty, TimeProvider time, ILogger<OutcomeFeed> log) : BackgroundService
{
    private const int FactsMax = 50_000;
    private const int BatchMax = 500;
    private static readonly TimeSpan NotePositionEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(1);
    private readonly Channel<CommittedFact> facts = Channel.CreateBounded<CommittedFact>(new BoundedChannelOptions(FactsMax) { SingleReader = true });
    private readonly ConcurrentDictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);
    private readonly Dictionary<Platform, IOutcomeUploader> byPlatform = uploaders.ToDictionary(u => u.Platform);
    private IDisposable? follow;
    private volatile bool isBehind = true;
    private volatile bool isStale = true;
    private DateTimeOffset lookedAt;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        connectors.Changed += OnChanged;
        follow = mesh.Follow(Observe, Wants);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        connectors.Changed -= OnChanged;
        follow?.Dispose();
        await base.StopAsync(cancellationToken);
        await courier.RestAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var lost = await duty.TakeAsync(stoppingToken);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lost);
                (isBehind, isStale) = (true, true);
                await TellAsync(either.Token);
                await courier.RestAsync();
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The position says how far it went.
        }
    }

    private async Task TellAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (isStale || time.GetUtcNow() - lookedAt >= LookAgainEvery) await LoadAsync(cancel);
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
                log.LogError("Outcomes could not be written: {Fault}", fault.GetType().FullName);
                await Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None);
            }
        }
    }

    private void OnChanged(string workspace, string connector) => isStale = true;

    // On the committer's thread: no I/O, no JSON.
    private bool Wants(EntityId entity) => duty.IsMine && entity.Kind is EntityKind.Lead && book.Of(entity.Workspace).Count > 0;

    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (!Wants(turn.Entity)) continue;
            for (var i = 0; i < turn.Events.Count; i++)
            {
                if (OutcomeSteps.Of(turn.Events[i]) is not { } step || !book.Wants(turn.Entity.Workspace, step)) continue;
                if (!facts.Writer.TryWrite(new CommittedFact(turn.Entity, turn.Version, i, turn.At, turn.Events[i], turn.State))) isBehind = true;
            }
            seen[turn.Entity.Workspace] = turn.At;
        }
    }

    // Steps before a workspace's first connector with outcomes were nobody's business; those since it was described are, though it is found only now.
    private async Task LoadAsync(CancellationToken cancel)
    {
        isStale = false;
        lookedAt = time.GetUtcNow();
        foreach (var workspace in await book.LoadAsync(cancel))
        {
            isBehind = true;
            if (await mesh.Journal.Rows.ReadAsync<FeedPosition>(PositionKey(workspace), cancel) is not null) continue;
            await mesh.Journal.Rows.ApplyAsync([Documents.Row(PositionKey(workspace), new FeedPosition(book.Of(workspace).Min(c => c.ChangedAt), 0))], cancel);
        }
        foreach (var workspace in book.Workspaces)
        {
            foreach (var record in book.Of(workspace)) courier.Begin(workspace, record.Id);
        }
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        isBehind = false;
        foreach (var workspace in book.Workspaces)
        {
            if (await mesh.Journal.Rows.ReadAsync<FeedPosition>(PositionKey(workspace), cancel) is not { } position) continue;
            noted[workspace] = position.At;
            await foreach (var fact in history.SinceAsync(workspace, position with { FlowVersion = long.MaxValue }, withLeads: true, e => OutcomeSteps.Of(e) is not null, cancel))
            {
                await WriteAsync([fact], cancel);
            }
        }
    }

    private async Task DrainAsync(CancellationToken cancel)
    {
        KeyValuePair<string, DateTimeOffset>[] positions = [.. seen];
        var batch = new List<CommittedFact>();
        while (batch.Count < BatchMax && facts.Reader.TryRead(out var fact)) batch.Add(fact);
        await WriteAsync(batch, cancel);
        if (!isBehind && batch.Count < BatchMax) await NoteAsync(positions, cancel);
        if (batch.Count > 0 || isBehind || isStale) return;
        using var alarm = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, alarm.Token);
        try
        {
            await facts.Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Connectors may have changed.
        }
    }

    private async ValueTask NoteAsync(KeyValuePair<string, DateTimeOffset>[] positions, CancellationToken cancel)
    {
        var moved = new List<RowChange>();
        foreach (var (workspace, at) in positions)
        {
            // Rarely: what lies between is read again after a restart, and known by its ids.
            if (noted.TryGetValue(workspace, out var before) && at - before < NotePositionEvery) continue;
            noted[workspace] = at;
            moved.Add(Documents.Row(PositionKey(workspace), new FeedPosition(at, 0)));
        }
        if (moved.Count > 0) await mesh.Journal.Rows.ApplyAsync(moved, cancel);
    }

    private async ValueTask WriteAsync(IReadOnlyList<CommittedFact> batch, CancellationToken cancel)
    {
        var rows = new List<RowChange>();
        var told = new HashSet<(string Workspace, string Connector)>();
        foreach (var fact in batch)
        {
            var (workspace, step) = (fact.Entity.Workspace, OutcomeSteps.Of(fact.Fact)!);
            if (fact.State is not LeadState lead) continue;
            foreach (var connector in await WhoAsync(workspace, step, fact.Entity.Key, lead, cancel))
            {
                var key = OutcomeRecord.KeyOf(workspace, connector.Id, OutcomeRecord.IdOf(fact.Entity.Key, step));
                if (fact.At < connector.CreatedAt || rows.Any(r => r.Key == key) || await mesh.Journal.Rows.GetAsync(key, cancel) is not null) continue;
                var now = time.GetUtcNow();
                var record = new OutcomeRecord(
                    key.Item, fact.Entity.Key, lead.Contact, lead.Campaign, step, connector.Outcomes[step], fact.At, await ValueOfAsync(workspace, fact.Fact, lead, cancel), OutcomeState.Pending, now, 0, now);
                rows.Add(Documents.Row(key, record));
                rows.Add(Documents.Row(OutcomeRecord.DueKeyOf(workspace, connector.Id, key.Item), new OutcomeDue(now)));
                told.Add((workspace, connector.Id));
            }
        }
        if (rows.Count == 0) return;
        await mesh.Journal.Rows.ApplyAsync(rows, cancel);
        foreach (var (workspace, connector) in told) courier.Ring(workspace, connector);
    }

    // Whose campaign it is; else whose click.
    private async ValueTask<IReadOnlyList<ConnectorRecord>> WhoAsync(string workspace, string step, string leadId, LeadState lead, CancellationToken cancel)
    {
        ConnectorRecord[] asking = [.. book.Of(workspace).Where(c => c.Outcomes.ContainsKey(step))];
        ConnectorRecord[] own = [.. asking.Where(c => c.Campaigns.Values.Contains(lead.Campaign) || lead.Campaign.StartsWith(c.Platform + ":", StringComparison.Ordinal))];
        if (own.Length > 0 || asking.Length == 0) return own;
        var touch = (await mesh.Journal.Rows.SubmissionAsync(workspace, lead.Contact, leadId, cancel))?.Touch;
        return touch is null ? [] : [.. asking.Where(c => byPlatform.TryGetValue(Platforms.Parse(c.Platform)!.Value, out var uploader) && uploader.ClickOf(touch) is not null)];
    }

    private async ValueTask<Money?> ValueOfAsync(string workspace, IEvent fact, LeadState lead, CancellationToken cancel)
    {
        if (fact is not (LeadEvent.Won or LeadEvent.Delivered)) return null;
        if (((fact as LeadEvent.Won)?.Value ?? lead.Value) is { } known) return known;
        return (await mesh.ReadAsync<CampaignState>(new EntityId(workspace, EntityKind.Campaign, lead.Campaign), cancel))?.State.Profile.ValuePerWin;
    }

    private static RowKey PositionKey(string workspace) => Documents.Key(workspace, "outcomes", "position");
}
