using CapacityMesh.Cluster.Edge;
using CapacityMesh.Cluster.Placement;
using CapacityMesh.Cluster.Pumps;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster;

/// <summary>Makes a silo a member of the mesh.</summary>
public static class ClusterMember
{
    /// <summary>Adds the grains' services, the pumps and the edge; the host adds an <see cref="ISharedJournal"/> and a <see cref="MeshClock"/>.</summary>
    public static ISiloBuilder AddCapacityMesh(this ISiloBuilder silo, ClusterLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        // A trace that begins at the edge goes on in the grains.
        silo.AddActivityPropagation();
        silo.Services.AddSingleton(limits ?? new ClusterLimits())
            .AddSingleton<ClusterServices>().AddSingleton<ClusterMesh>().AddSingleton<IMesh>(s => s.GetRequiredService<ClusterMesh>())
            .AddSingleton<FeedFollower>().AddHostedService(s => s.GetRequiredService<FeedFollower>())
            .AddHostedService<PumpKeeper>()
            .AddSingleton<Homes>().AddHostedService<HomeKeeper>();
        silo.AddPlacementDirector<WorkspacePlacement, WorkspaceDirector>();
        return silo;
    }
}
