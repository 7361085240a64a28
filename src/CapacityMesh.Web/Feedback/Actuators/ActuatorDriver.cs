using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>Somebody asked to look at a campaign.</summary>
internal sealed record ActuationAsk(DateTimeOffset At);

/// <summary>
/// Follows the spend signals and keeps a lane for each campaign that a connector steers. News comes with the commit; what was missed, and what other
/// machines changed, is found by looking at all connectors now and then. The signal in force is what counts: a proposal is none before it is approved.
/// Of several processes one steers, as long as it has the duty.
/// </summary>
internal sealed class ActuatorDriver(IMesh mesh, ConnectorBook book, ActuationRound round, IDuty duty, TimeProvider time, ILogger<ActuatorDriver> log) : BackgroundService
{
    // Campaigns of one connector that are steered at once; the platforms allow about so many calls a second.
    private const int AtOnceMax = 16;
    // A workspace's campaigns at all platforms, a thousand times.
    private const int LanesMax = 100_000;
    // The rest is found the next time.
    private const int AsksMax = 1_000;
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Connector, string Id), (ActuationLane Lane, Task Work)> lanes = new();
    private readonly ConcurrentDictionary<(string Workspace, string Campaign), IReadOnlyList<ActuationLane>> byCampaign = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> places = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim bell = new(0);
    private IDisposable? follow;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        book.Changed += OnChanged;
        follow = mesh.Follow(Observe, wants: entity => entity.Kind is EntityKind.Flow);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        book.Changed -= OnChanged;
        follow?.Dispose();
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(lanes.Values.Select(l => l.Work));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var (lane, _) in lanes.Values) lane.Dispose();
        bell.Dispose();
    }

    /// <summary>Looks at a campaign that a connector steers: now, or, when another process steers, as soon as that one looks for what is asked.</summary>
    public async ValueTask AskAsync(string workspace, string connector, string id, CancellationToken cancel)
    {
        if (lanes.TryGetValue((connector, id), out var own) && own.Lane.Workspace == workspace) own.Lane.Ring();
        else await mesh.Journal.Rows.ApplyAsync([Documents.Row(new RowKey(KeyRing.Directory, RowTables.ActuationAsks, connector, id), new ActuationAsk(mesh.Now))], cancel);
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
                await SteerAsync(either.Token);
                // Another process steers from now on: what we did stands in its rows.
                foreach (var (_, work) in lanes.Values) await work;
                foreach (var key in lanes.Keys.ToArray()) Drop(key);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The lanes end with it.
        }
    }

    private async Task SteerAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await LookAsync(cancel);
                using var alarm = new CancellationTokenSource(LookAgainEvery, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, alarm.Token);
                await bell.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // It is time, or the end.
            }
            catch (Exception fault)
            {
                log.LogError("Connectors could not be read: {Fault}", fault.GetType().FullName);
                await Task.Delay(TimeSpan.FromSeconds(5), time, CancellationToken.None);
            }
        }
    }

    private void OnChanged(string workspace, string connector)
    {
        foreach (var (key, own) in lanes)
        {
            if (key.Connector == connector) own.Lane.Ring();
        }
        bell.Release();
    }

    // On the committer's thread: no I/O.
    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turnOf in turns)
        {
            if (turnOf.Entity.Kind is not EntityKind.Flow || turnOf.State is not FlowState flow) continue;
            foreach (var fact in turnOf.Events)
            {
                if (fact is not FlowEvent.CampaignReported { Changed: true } e || !byCampaign.TryGetValue((turnOf.Entity.Workspace, e.Report.Campaign), out var own)) continue;
                foreach (var lane in own) lane.Want(WantedOf(e.Report, flow.SpendVersion));
            }
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var found = new Dictionary<(string, string), ActuationLane>();
        await foreach (var (workspace, record) in book.AllAsync(stop))
        {
            foreach (var (id, campaign) in record.Steered)
            {
                if (found.Count < LanesMax && !found.ContainsKey((record.Id, id))) found[(record.Id, id)] = LaneOf(workspace, record.Id, id, campaign, stop);
            }
        }
        foreach (var key in lanes.Keys.Where(k => !found.ContainsKey(k)).ToArray()) Drop(key);
        // The signals are read once the lanes are there to be told of the next: the other way round, one that came between would be lost.
        foreach (var own in found.Values.GroupBy(l => l.Workspace))
        {
            if ((await mesh.ReadAsync<FlowState>(EntityId.Flow(own.Key), stop))?.State is not { } flow) continue;
            foreach (var lane in own)
            {
                if (flow.Campaigns.GetValueOrDefault(lane.Campaign) is { } report) lane.Want(WantedOf(report, flow.SpendVersion));
            }
        }
        await AnswerAsync(stop);
    }

    // What other processes were asked to look at.
    private async Task AnswerAsync(CancellationToken cancel)
    {
        var asks = await mesh.Journal.Rows.ListAsync(KeyRing.Directory, RowTables.ActuationAsks, null, null, AsksMax, cancel);
        foreach (var ask in asks)
        {
            if (lanes.TryGetValue((ask.Key.Key, ask.Key.Item), out var own)) own.Lane.Ring();
        }
        if (asks.Count > 0) await mesh.Journal.Rows.ApplyAsync([.. asks.Select(a => new RowChange(a.Key, null))], cancel);
    }

    private ActuationLane LaneOf(string workspace, string connector, string id, string campaign, CancellationToken stop)
    {
        if (lanes.TryGetValue((connector, id), out var known))
        {
            if (known.Lane.Campaign == campaign && known.Lane.Workspace == workspace) return known.Lane;
            Drop((connector, id));
        }
        var lane = new ActuationLane(workspace, connector, id, campaign, round, book, time, log);
        byCampaign.AddOrUpdate((workspace, campaign), [lane], (_, others) => [.. others, lane]);
        var room = places.GetOrAdd(connector, static _ => new SemaphoreSlim(AtOnceMax));
        lanes[(connector, id)] = (lane, Task.Run(() => lane.RunAsync(room, stop), CancellationToken.None));
        return lane;
    }

    private void Drop((string Connector, string Id) key)
    {
        if (!lanes.TryRemove(key, out var gone)) return;
        gone.Lane.Stop();
        byCampaign.AddOrUpdate((gone.Lane.Workspace, gone.Lane.Campaign), [], (_, others) => [.. others.Where(l => l != gone.Lane)]);
    }

    private static WantedSpend WantedOf(CampaignReport report, long version) => new(report.Signal.Action, report.Signal.Multiplier, report.Since, version);
}
