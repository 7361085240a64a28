using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.World;

namespace CapacityMesh.Cluster;

/// <summary>What every grain of a silo needs.</summary>
/// <param name="journal">The truth; every silo of a cluster writes the same one.</param>
/// <param name="clock">The silo's clock.</param>
public sealed class ClusterServices(IJournal journal, MeshClock clock)
{
    /// <summary>The truth.</summary>
    public IJournal Journal { get; } = journal;

    /// <summary>The silo's clock.</summary>
    public MeshClock Clock { get; } = clock;

    /// <summary>Published process versions: what this silo has not seen is read from the journal.</summary>
    // Away from the grain's scheduler: a turn may wait here, and what it waits for must not need the grain to go on.
    public IWorld World { get; } = new PublishedWorld(workspace => Task.Run(() => LoadFlow(journal, workspace)).GetAwaiter().GetResult());

    private static async Task<FlowState?> LoadFlow(IJournal journal, string workspace)
    {
        var id = EntityId.Flow(workspace);
        var stored = await journal.LoadAsync(id, CancellationToken.None);
        return stored is null ? null : (FlowState)TurnCodec.Restore(id, stored).State;
    }
}
