using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>One sender for each connector that tells of outcomes.</summary>
internal sealed class OutcomeCourier(
    IMesh mesh, ConnectorBook connectors, PlatformApi api, OutcomePacker packer, IEnumerable<IOutcomeUploader> uploaders, ActuatorCounts counts, Backoff backoff, TimeProvider time, ILogger<OutcomeCourier> log) : IDisposable
{
    private readonly ConcurrentDictionary<(string Workspace, string Connector), Lazy<(OutcomeSender Sender, Task Work)>> senders = new();
    private readonly Dictionary<Platform, IOutcomeUploader> byPlatform = uploaders.ToDictionary(u => u.Platform);
    private readonly CancellationTokenSource stop = new();

    /// <summary>Begins to send what an earlier life has left.</summary>
    public void Begin(string workspace, string connector) => _ = SenderOf(workspace, connector);

    /// <summary>There is something to send.</summary>
    public void Ring(string workspace, string connector) => SenderOf(workspace, connector).Ring();

    /// <summary>Ends all senders; what they have not sent stands in its rows.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        foreach (var sender in senders.Values) await sender.Value.Work;
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    private OutcomeSender SenderOf(string workspace, string connector) => senders.GetOrAdd((workspace, connector), key => new Lazy<(OutcomeSender, Task)>(() =>
    {
        var sender = new OutcomeSender(key.Workspace, key.Connector, mesh, connectors, api, packer, byPlatform, counts, backoff, time, log);
        return (sender, Task.Run(() => sender.RunAsync(stop.Token)));
    })).Value.Sender;
}
