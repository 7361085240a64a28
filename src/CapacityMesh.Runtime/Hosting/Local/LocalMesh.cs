using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.World;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>The mesh in one process: every entity here, one lane, one journal.</summary>
public sealed class LocalMesh : IMesh, IAsyncDisposable
{
    private readonly KeyedAsks keyed;
    private readonly LocalMeshOptions options;
    private readonly PublishedWorld world;
    private readonly MeshClock clock;
    private readonly Lane lane;
    private readonly string node = Guid.NewGuid().ToString("N")[..8];
    private long asked;
    private int disposed;

    /// <summary>Makes a host over a journal, which it does not dispose.</summary>
    public LocalMesh(IJournal journal, MeshClock clock, LocalMeshOptions options, ILogger<LocalMesh> log)
    {
        (Journal, this.clock, this.options) = (journal, clock, options);
        keyed = new KeyedAsks(journal, options.AnswerTimeout);
        world = new PublishedWorld(LoadFlow);
        lane = new Lane(journal, world, clock, options, log);
    }

    /// <inheritdoc/>
    public IJournal Journal { get; }

    /// <inheritdoc/>
    public IWorld World => world;

    /// <inheritdoc/>
    public DateTimeOffset Now => clock.Now;

    /// <summary>Whether commits work.</summary>
    public bool IsHealthy => !lane.IsFaulted;

    /// <summary>Turns taken since the start.</summary>
    public long TurnsTaken => lane.TurnsTaken;

    /// <summary>Entities in memory.</summary>
    public int LiveEntities => lane.LiveEntities;

    /// <summary>Requests under way.</summary>
    public int RequestsUnderWay => lane.UnderWay;

    /// <summary>Starts, and returns when everything that the journal still owed is under way again.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        lane.Start();
        await lane.Recovered.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Takes no more requests, finishes those under way, and returns when all is durable.</summary>
    public Task StopAsync() => lane.StopAsync();

    /// <inheritdoc/>
    public IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer, Func<EntityId, bool>? wants = null) => lane.Followers.Add(observer);

    /// <inheritdoc/>
    public void TakeUp(StoredEffect effect) => lane.TakeUp(effect);

    /// <inheritdoc/>
    public async Task<EntityState<TState>?> ReadAsync<TState>(EntityId entity, CancellationToken cancel)
        where TState : class
    {
        var (state, version) = await lane.ReadAsync(entity).WaitAsync(options.AnswerTimeout, cancel).ConfigureAwait(false);
        return state is TState found ? new EntityState<TState>(found, version) : null;
    }

    /// <inheritdoc/>
    public Task<AskResult> AskAsync(MeshRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.IdempotencyKey is { } key ? keyed.AskAsync(request, key, () => AskUnderKey(request, cancel), cancel) : AskOnce(request, cancel);
    }

    private async Task<AskResult?> AskUnderKey(MeshRequest request, CancellationToken cancel) =>
        await AskOnce(request, cancel).ConfigureAwait(false) is var result and not AskResult.KeyTaken ? result : null;

    private async Task<AskResult> AskOnce(MeshRequest request, CancellationToken cancel)
    {
        var askId = $"{node}:{Interlocked.Increment(ref asked)}";
        var item = lane.Submit(request, askId);
        try
        {
            using var given = cancel.UnsafeRegister(static (waiting, token) => ((OpenRequest)waiting!).Fail(new OperationCanceledException(token)), item);
            return await item.Result.ConfigureAwait(false);
        }
        finally
        {
            lane.Close(askId);
        }
    }

    private FlowState? LoadFlow(string workspace)
    {
        var id = EntityId.Flow(workspace);
        var stored = Journal.LoadAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return stored is null ? null : (FlowState)TurnCodec.Restore(id, stored).State;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A container that knows us under two names disposes us twice.
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;
        await lane.StopAsync().ConfigureAwait(false);
        lane.Dispose();
    }
}
