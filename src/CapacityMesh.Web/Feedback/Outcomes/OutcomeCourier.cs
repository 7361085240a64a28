using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>One sender for each connector that tells of outcomes.</summary>
internal sealed class OutcomeCourier(
    IMesh mesh, ConnectorBook connectors, PlatformApi api, OutcomePacker packer, IEnumerable<IOutcomeUploader> uploaders, ActuatorCounts counts, Backoff backoff, IDuty duty, TimeProvider time, ILogger<OutcomeCourier> log) : IDisposable
{
    private readonly ConcurrentDictionary<(string Workspace, string Connector), Lazy<(OutcomeSender Sender, Task Work)>> senders = new();
    private readonly Dictionary<Platform, IOutcomeUploader> byPlatform = uploaders.ToDictionary(u => u.Platform);
    private CancellationTokenSource stop = new();

    /// <summary>Begins to send what an earlier life has left.</summary>
    public void Begin(string workspace, string connector) => Ring(workspace, connector);

    /// <summary>There is something to send. Its row stands: where another process has the duty, that one finds it.</summary>
    public void Ring(string workspace, string connector)
    {
        if (duty.IsMine) SenderOf(workspace, connector).Ring();
    }

    /// <summary>Ends all senders; what they have not sent stands in its rows, for whoever has the duty next.</summary>
    public async Task RestAsync()
    {
        await stop.CancelAsync();
        foreach (var sender in senders.Values) await sender.Value.Work;
        senders.Clear();
        stop.Dispose();
        stop = new CancellationTokenSource();
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private OutcomeSender SenderOf(string workspace, string connector) => senders.GetOrAdd((workspace, connector), key => new Lazy<(OutcomeSender, Task)>(() =>
    {
        var sender = new OutcomeSender(key.Workspace, key.Connector, mesh, connectors, api, packer, byPlatform, counts, backoff, time, log);
        var end = stop.Token;
        return (sender, Task.Run(() => sender.RunAsync(end)));
    })).Value.Sender;
}
