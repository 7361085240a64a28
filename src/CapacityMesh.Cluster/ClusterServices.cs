using CapacityMesh.Cluster.Edge;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.World;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster;

/// <summary>What every grain of a silo needs.</summary>
/// <param name="journal">The truth; every silo of a cluster writes the same one.</param>
/// <param name="clock">The silo's clock.</param>
/// <param name="limits">The silo's limits.</param>
/// <param name="log">Where defects go.</param>
public sealed class ClusterServices(ISharedJournal journal, MeshClock clock, ClusterLimits limits, ILogger<ClusterServices> log) : IAsyncDisposable
{
    /// <summary>The truth.</summary>
    public ISharedJournal Journal { get; } = journal;

    /// <summary>The silo's clock.</summary>
    public MeshClock Clock { get; } = clock;

    /// <summary>The silo's limits.</summary>
    public ClusterLimits Limits { get; } = limits;

    /// <summary>Makes the silo's turns durable.</summary>
    public SiloCommitter Committer { get; } = new(journal, limits.BatchTurnsMax);

    /// <summary>Committed states, for readers.</summary>
    public CommittedStates States { get; } = new(journal, limits.StatesMax);

    /// <summary>Where defects go.</summary>
    public ILogger Log { get; } = log;

    /// <summary>Published process versions, for turns: they must not wait, so a version that this silo has not seen stops the turn, which is taken again once it is known.</summary>
    public PublishedWorld Seen { get; } = new(workspace => throw new ProcessUnseenException(workspace));

    /// <summary>Published process versions, for the edge: what this silo has not seen is read from the journal.</summary>
    public IWorld World { get; } = new PublishedWorld(workspace => Task.Run(() => LoadFlow(journal, workspace)).GetAwaiter().GetResult());

    /// <summary>Reads a workspace's versions.</summary>
    public async Task LearnAsync(string workspace)
    {
        if (await LoadFlow(Journal, workspace) is { } flow) Seen.Publish(workspace, flow);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Committer.DisposeAsync();

    private static async Task<FlowState?> LoadFlow(ISharedJournal journal, string workspace)
    {
        var id = EntityId.Flow(workspace);
        var stored = await journal.LoadAsync(id, CancellationToken.None);
        return stored is null ? null : (FlowState)TurnCodec.Restore(id, stored).State;
    }
}

/// <summary>A turn asked for a version of the process that this silo has not seen.</summary>
/// <param name="workspace">Whose process.</param>
public sealed class ProcessUnseenException(string workspace) : Exception("A version of the process that was never published.")
{
    /// <summary>Whose process.</summary>
    public string Workspace { get; } = workspace;
}
