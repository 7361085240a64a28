using System.Collections.Concurrent;
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
    // Long against a commit, short against a caller's patience.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<(string Workspace, string Key), (string BodyHash, Task<AskResult> Result)> keyed = new();
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
    public IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer) => lane.Followers.Add(observer);

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
        return request.IdempotencyKey is null ? AskOnce(request, cancel) : AskKeyed(request, request.IdempotencyKey, cancel);
    }

    // Two requests with one key at the same instant: the second waits for the first one's answer.
    private async Task<AskResult> AskKeyed(MeshRequest request, string key, CancellationToken cancel)
    {
        var id = (request.Target.Workspace, key);
        var mine = new TaskCompletionSource<AskResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = keyed.GetOrAdd(id, (request.BodyHash, mine.Task));
        if (held.Result != mine.Task)
        {
            if (held.BodyHash != request.BodyHash) return new AskResult.KeyReused();
            return Repeat(await held.Result.WaitAsync(cancel).ConfigureAwait(false));
        }
        try
        {
            AskResult? result = new AskResult.KeyTaken();
            while (result is AskResult.KeyTaken)
            {
                result = await FromJournal(request, key, cancel).ConfigureAwait(false) ?? await AskAndLook(request, key, cancel).ConfigureAwait(false);
            }
            mine.TrySetResult(result);
            return result;
        }
        catch (Exception fault)
        {
            mine.TrySetException(fault);
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            keyed.TryRemove(id, out _);
        }
    }

    // Another host over the same journal may take an effect of this question and answer in our place: then the stored answer is all we hear of it.
    private async Task<AskResult> AskAndLook(MeshRequest request, string key, CancellationToken cancel)
    {
        var asked = AskOnce(request, cancel);
        while (await Task.WhenAny(asked, Task.Delay(LookEvery, cancel)).ConfigureAwait(false) != asked)
        {
            cancel.ThrowIfCancellationRequested();
            if (await Journal.RequestAsync(request.Target.Workspace, key, cancel).ConfigureAwait(false) is not { Reply: { } reply }) continue;
            _ = asked.ContinueWith(late => _ = late.Exception, TaskScheduler.Default);
            return new AskResult.Answered(EffectCodec.DecodeAnswer(reply), Repeated: false);
        }
        return await asked.ConfigureAwait(false);
    }

    // Opened but not answered: the process ended in between; the answer is on its way through the outbox.
    private async Task<AskResult?> FromJournal(MeshRequest request, string key, CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(50))
        {
            if (await Journal.RequestAsync(request.Target.Workspace, key, cancel).ConfigureAwait(false) is not { } stored) return null;
            if (stored.BodyHash != request.BodyHash) return new AskResult.KeyReused();
            if (stored.Reply is { } reply) return new AskResult.Answered(EffectCodec.DecodeAnswer(reply), Repeated: true);
            if (waited >= options.AnswerTimeout) throw new JournalUnavailableException("The first request under this key has no answer yet.");
            await Task.Delay(50, cancel).ConfigureAwait(false);
        }
    }

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

    private static AskResult Repeat(AskResult result) => result is AskResult.Answered answered ? answered with { Repeated = true } : result;

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
