using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Simulation.Demo;

/// <summary>
/// A running mesh as a world for a simulated business: its clock, a diary kept by one loop, and turns that are asked for and not waited for. All of the
/// business runs in that loop, so that it needs no locks.
/// </summary>
public sealed class LiveWorld(IMesh mesh, MeshClock clock, string workspace) : Business.IBusinessWorld, IDisposable
{
    // More than this many turns at once would only queue in the mesh.
    private const int TellsMax = 64;

    private readonly PriorityQueue<Action, (long Ticks, long Order)> diary = new();
    private readonly ConcurrentQueue<IReadOnlyList<CommittedTurn>> heard = new();
    private readonly List<Action<IReadOnlyList<CommittedTurn>>> followers = [];
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly SemaphoreSlim tells = new(TellsMax);
    private IDisposable? following;
    private long order;

    /// <inheritdoc/>
    public DateTimeOffset Now => clock.Now;

    /// <inheritdoc/>
    public string Workspace => workspace;

    /// <inheritdoc/>
    public void Schedule(DateTimeOffset at, Action action) => diary.Enqueue(action, (at.UtcTicks, order++));

    /// <inheritdoc/>
    public void Follow(Action<IReadOnlyList<CommittedTurn>> observer) => followers.Add(observer);

    /// <inheritdoc/>
    public void Tell(EntityId target, ICommand command) => _ = TellAsync(target, command);

    /// <summary>Lives until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        following = mesh.Follow(turns =>
        {
            heard.Enqueue(turns);
            if (wake.CurrentCount == 0) wake.Release();
        });
        while (!cancel.IsCancellationRequested)
        {
            while (heard.TryDequeue(out var turns))
            {
                foreach (var follower in followers) follower(turns);
            }
            while (diary.TryPeek(out var action, out var due) && due.Ticks <= Now.UtcTicks)
            {
                diary.Dequeue();
                action();
            }
            var wait = diary.TryPeek(out _, out var next) ? clock.Until(new DateTimeOffset(next.Ticks, TimeSpan.Zero)) : TimeSpan.FromSeconds(1);
            await ((Task)wake.WaitAsync(wait < TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), cancel)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(EntityId target, ICommand command)
    {
        await tells.WaitAsync().ConfigureAwait(false);
        try
        {
            await mesh.AskAsync(new MeshRequest(target, command), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is MeshOverloadedException or JournalUnavailableException)
        {
            // A simulated person who could not get through simply did not do it.
        }
        finally
        {
            tells.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        following?.Dispose();
        wake.Dispose();
        tells.Dispose();
    }
}
