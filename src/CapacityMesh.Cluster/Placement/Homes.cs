using Orleans.Runtime;

namespace CapacityMesh.Cluster.Placement;

/// <summary>
/// Which silo a workspace is at home on: of all that are alive the one that, hashed together with the workspace, ranks highest. So every member says the
/// same, and when a silo comes or goes only the workspaces move whose home it is or was.
/// </summary>
public sealed class Homes(ClusterLimits limits)
{
    /// <summary>The home of an entity among these silos.</summary>
    /// <param name="entity">Its stored id.</param>
    /// <param name="silos">Who is alive; at least one.</param>
    public SiloAddress Of(string entity, IReadOnlyList<SiloAddress> silos)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(silos);
        var together = limits.WorkspacesTogether ? entity[..entity.IndexOf('/', StringComparison.Ordinal)] : entity;
        return silos.MaxBy(silo => Rank(together, silo))!;
    }

    // An address holds the instant of the silo's start: after a restart it may be home to others.
    private static (uint, SiloAddress) Rank(string together, SiloAddress silo) => (StableHash.ComputeHash($"{together} {silo.ToParsableString()}"), silo);
}
