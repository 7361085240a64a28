using CapacityMesh.Cluster;
using CapacityMesh.Cluster.Edge;
using CapacityMesh.Web.Operations;
using Orleans.Runtime;

namespace CapacityMesh.Silo;

/// <summary>What operators hear of a silo.</summary>
internal sealed class SiloHealth(ClusterServices services, ClusterMesh mesh, FeedFollower feed, ISiloStatusOracle members) : IReadiness, IMetricsSource
{
    /// <summary>Set when the silo drains: the proxy sends its requests elsewhere.</summary>
    public volatile bool IsDraining;

    /// <inheritdoc/>
    public string? WhyNot =>
        IsDraining ? "The silo drains."
        : members.CurrentStatus is not SiloStatus.Active ? "The silo has not joined the cluster."
        : services.Committer.IsFaulted ? "The journal cannot be written; the last commit failed."
        : null;

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() =>
    [
        new("capacitymesh_turns_committed_total", IsCounter: true, "Turns that this silo made durable.", services.Committer.Turns),
        new("capacitymesh_commits_total", IsCounter: true, "Transactions of this silo.", services.Committer.Batches),
        new("capacitymesh_effects_handed_total", IsCounter: true, "Effects handed to entities of this silo before they were durable.", services.Handed),
        new("capacitymesh_effects_sent_total", IsCounter: true, "Effects that were written first and sent then.", services.Sent),
        new("capacitymesh_feed_turns_total", IsCounter: true, "Turns that this silo has heard of: its own, and what somebody here wants of the others'.", feed.Heard),
        new("capacitymesh_requests_under_way", IsCounter: false, "Requests whose answer is not durable yet.", mesh.RequestsUnderWay),
        new("capacitymesh_silos_active", IsCounter: false, "Silos that this one knows to be alive.", members.GetApproximateSiloStatuses(onlyActive: true).Count),
    ];
}
