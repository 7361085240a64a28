using CapacityMesh.Cluster.Edge;
using CapacityMesh.Cluster.Handover;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.World;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster;

/// <summary>What every grain of a silo needs.</summary>
public sealed class ClusterServices : IAsyncDisposable
{
    private long handed;
    private long sent;

    /// <summary>Called once for each silo.</summary>
    public ClusterServices(ISharedJournal journal, MeshClock clock, ClusterLimits limits, ILogger<ClusterServices> log)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (Journal, Clock, Limits, Log) = (journal, clock, limits, log);
        Own = new OwnTurns(limits.OwnTurnsMax);
        Committer = new SiloCommitter(journal, Own, limits.BatchTurnsMax);
        States = new CommittedStates(journal, limits.StatesMax);
        World = new PublishedWorld(workspace => Task.Run(() => LoadFlow(journal, workspace)).GetAwaiter().GetResult());
    }

    /// <summary>The truth.</summary>
    public ISharedJournal Journal { get; }

    /// <summary>The silo's clock.</summary>
    public MeshClock Clock { get; }

    /// <summary>The silo's limits.</summary>
    public ClusterLimits Limits { get; }

    /// <summary>Makes the silo's turns durable.</summary>
    public SiloCommitter Committer { get; }

    /// <summary>Committed states, for readers.</summary>
    public CommittedStates States { get; }

    /// <summary>Where defects go.</summary>
    public ILogger Log { get; }

    /// <summary>What this silo wrote and its followers have not heard of.</summary>
    internal OwnTurns Own { get; }

    /// <summary>Mailboxes of this silo's activations.</summary>
    internal SiloMailboxes Mailboxes { get; } = new();

    /// <summary>Effects that were handed over within the silo, before they were durable.</summary>
    public long Handed => Volatile.Read(ref handed);

    /// <summary>Effects that were written first and then sent.</summary>
    public long Sent => Volatile.Read(ref sent);

    internal void CountHanded() => Interlocked.Increment(ref handed);

    internal void CountSent(int effects) => Interlocked.Add(ref sent, effects);

    /// <summary>Questions that this silo's own edge asked.</summary>
    internal Answers? Asked { get; set; }

    /// <summary>Brings an answer to the edge that asked.</summary>
    internal void Give(IGrainFactory grains, Ask ask, Answer answer)
    {
        if (Asked?.Give(ask, answer) is not true) Answers.Give(grains, ask, answer);
    }

    /// <summary>Published process versions, for turns: they must not wait, so a version that this silo has not seen stops the turn, which is taken again once it is known.</summary>
    public PublishedWorld Seen { get; } = new(workspace => throw new ProcessUnseenException(workspace));

    /// <summary>Published process versions, for the edge: what this silo has not seen is read from the journal.</summary>
    public IWorld World { get; }

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
