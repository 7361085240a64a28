using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Host.Serving;

/// <summary>Ready when what the journal owed is under way again, and commits work.</summary>
internal sealed class MeshReadiness(LocalMesh mesh) : IReadiness
{
    /// <summary>Completes with the recovery.</summary>
    public Task? Recovered { get; set; }

    /// <inheritdoc/>
    public string? WhyNot => Recovered is not { IsCompletedSuccessfully: true } ? "The mesh is recovering." : mesh.IsHealthy ? null : "The last commit failed.";
}

/// <summary>Numbers of the local host.</summary>
internal sealed class MeshMetrics(LocalMesh mesh) : IMetricsSource
{
    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        new("capacitymesh_turns_taken_total", true, "Turns taken, committed or not.", mesh.TurnsTaken),
        new("capacitymesh_live_entities", false, "Entities in memory.", mesh.LiveEntities),
        new("capacitymesh_requests_under_way", false, "Requests whose answer is not durable yet.", mesh.RequestsUnderWay),
    ];
}
