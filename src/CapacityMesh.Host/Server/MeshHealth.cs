using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Host.Server;

/// <summary>What operators hear of the local host.</summary>
public sealed class MeshHealth(LocalMesh mesh) : IReadiness, IMetricsSource
{
    /// <summary>Completes when what the journal still owed is under way again.</summary>
    public Task? Recovered { get; set; }

    /// <inheritdoc/>
    public string? WhyNot => Recovered is not { IsCompletedSuccessfully: true } ? "The mesh is recovering." : mesh.IsHealthy ? null : "The journal cannot be written; the last commit failed.";

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        new("capacitymesh_turns_taken_total", IsCounter: true, "Turns taken since the start, committed or not.", mesh.TurnsTaken),
        new("capacitymesh_entities_live", IsCounter: false, "Entities in memory.", mesh.LiveEntities),
        new("capacitymesh_requests_under_way", IsCounter: false, "Requests whose answer is not durable yet.", mesh.RequestsUnderWay),
    ];
}
