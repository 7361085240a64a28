using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Web.Feedback;

/// <summary>Wakes whoever waits for a newer spend table.</summary>
internal sealed class SpendWatch : IDisposable
{
    // A waiter is a socket and a few objects; beyond this, callers are answered at once and poll.
    private const int WaitersMax = 10_000;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> bells = new(StringComparer.Ordinal);
    private readonly IMesh mesh;
    private readonly IDisposable follow;
    private int waiters;

    public SpendWatch(IMesh mesh)
    {
        this.mesh = mesh;
        follow = mesh.Follow(Observe, wants: entity => entity.Kind is EntityKind.Flow);
    }

    /// <summary>The Flow's state once its table is newer than a version, or as it is when the time is over.</summary>
    public async Task<FlowState?> WaitAsync(string workspace, long version, TimeSpan atMost, CancellationToken cancel)
    {
        var since = TimeProvider.System.GetTimestamp();
        var mayWait = Interlocked.Increment(ref waiters) <= WaitersMax;
        try
        {
            while (true)
            {
                // The bell first, then the look: a change between the two rings it.
                var bell = bells.GetOrAdd(workspace, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                var flow = (await mesh.ReadAsync<FlowState>(EntityId.Flow(workspace), cancel))?.State;
                var left = atMost - TimeProvider.System.GetElapsedTime(since);
                if ((flow?.SpendVersion ?? 0) != version || left <= TimeSpan.Zero || !mayWait) return flow;
                await Task.WhenAny(bell.Task, Task.Delay(left, cancel));
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiters);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => follow.Dispose();

    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.Entity.Kind is not EntityKind.Flow || !turn.Events.Any(e => e is FlowEvent.CampaignReported { Changed: true })) continue;
            if (bells.TryRemove(turn.Entity.Workspace, out var bell)) bell.TrySetResult();
        }
    }
}
