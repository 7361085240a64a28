using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>
/// Follows the spend signals and keeps a lane for each campaign that a connector steers. News comes with the commit; what was missed, and what other
/// machines changed, is found by looking at all connectors now and then. The signal in force is what counts: a proposal is none before it is approved.
/// </summary>
internal sealed class ActuatorDriver(IMesh mesh, ConnectorBook book, ActuationRound round, TimeProvider time, ILogger<ActuatorDriver> log) : BackgroundService
{
    // Campaigns of one connector that are steered at once; the platforms allow about so many calls a second.
    private const int AtOnceMax = 16;
    // A workspace's campaigns at all platforms, a thousand times.
    private const int LanesMax = 100_000;
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
        follow = mesh.Follow(Observe);
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

    /// <summary>Looks at one of a workspace's campaigns now; false when it is not steered here.</summary>
    public bool Ring(string workspace, string connector, string id)
    {
        if (!lanes.TryGetValue((connector, id), out var own) || own.Lane.Workspace != workspace) return false;
        own.Lane.Ring();
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LookAsync(stoppingToken);
                using var alarm = new CancellationTokenSource(LookAgainEvery, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, alarm.Token);
                try
                {
                    await bell.WaitAsync(either.Token);
                }
                catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
                {
                    // It is time.
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
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
        var found = new HashSet<(string, string)>();
        var flows = new Dictionary<string, FlowState?>(StringComparer.Ordinal);
        await foreach (var (workspace, record) in book.AllAsync(stop))
        {
            foreach (var (id, campaign) in record.Steered)
            {
                if (found.Count >= LanesMax || !found.Add((record.Id, id))) continue;
                if (!flows.TryGetValue(workspace, out var flow)) flows[workspace] = flow = (await mesh.ReadAsync<FlowState>(EntityId.Flow(workspace), stop))?.State;
                var lane = LaneOf(workspace, record.Id, id, campaign, stop);
                if (flow?.Campaigns.GetValueOrDefault(campaign) is { } report) lane.Want(WantedOf(report, flow.SpendVersion));
            }
        }
        foreach (var key in lanes.Keys.Where(k => !found.Contains(k)).ToArray()) Drop(key);
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
