using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace CapacityMesh.Cluster.Placement;

/// <summary>Puts an entity's activation where its workspace is at home.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("mesh.workspacePlacement")]
public sealed class WorkspacePlacement : PlacementStrategy
{
    internal static WorkspacePlacement Instance { get; } = new();
}

/// <summary>See <see cref="WorkspacePlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WorkspacePlacementAttribute() : PlacementAttribute(WorkspacePlacement.Instance);

/// <summary>Finds the home of an activation that is about to be made; one that is there already stays where it is.</summary>
public sealed class WorkspaceDirector(Homes homes) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(homes.Of(target.GrainIdentity.Key.ToString()!, context.GetCompatibleSilos(target)));
    }
}
