using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Host.Server;

/// <summary>What operators hear of the local host.</summary>
public sealed class MeshHealth(LocalMesh mesh) : IReadiness, IMetricsSource
{
    /// <inheritdoc/>
    public string? WhyNot => mesh.IsHealthy ? null : "The journal cannot be written; the last commit failed.";

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        new("capacitymesh_turns_total", IsCounter: true, "Turns taken since the start.", mesh.TurnsTaken),
        new("capacitymesh_entities_live", IsCounter: false, "Entities in memory.", mesh.LiveEntities),
        new("capacitymesh_requests_under_way", IsCounter: false, "Requests whose answer is not durable yet.", mesh.RequestsUnderWay),
    ];
}
