using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

/// <summary>What goes wrong with a commit.</summary>
public enum CommitFault
{
    /// <summary>Nothing was written, and the caller is told that it failed.</summary>
    BeforeWrite,
    /// <summary>Everything was written, and the caller is told that it failed.</summary>
    AcknowledgementLost,
    /// <summary>Everything was written, the next batches too, and then the caller is told that the sync failed.</summary>
    SyncFailed,
    /// <summary>Everything was written, the caller is told so, and nothing works from then on: the process was killed before it went on.</summary>
    DeadAfter,
    /// <summary>Nothing was written, and nothing works from then on.</summary>
    DeadBefore,
}

/// <summary>A journal that a test can hold, slow and break; it counts what passes. What it wraps stays whole.</summary>
public sealed class StagedJournal(IJournal inner) : ISharedJournal
{
    private readonly List<int> batches = [];
    private TaskCompletionSource gate = Opened();
    private Task lastWrite = Task.CompletedTask;
    private Task lastSync = Task.CompletedTask;
    private int commits;

    /// <summary>Turns of each commit that was accepted.</summary>
    public IReadOnlyList<int> Batches { get { lock (batches) return [.. batches]; } }

    /// <summary>Conflicts seen.</summary>
    public int Conflicts { get; private set; }

    /// <summary>Commits that arrived at the gate.</summary>
    public int Arrived => Volatile.Read(ref commits);

    /// <summary>How long each commit takes.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Which commit fails, counted from 1; 0 for none.</summary>
    public int FaultAt { get; set; }

    /// <summary>How it fails.</summary>
    public CommitFault Fault { get; set; }

    /// <summary>Nothing works.</summary>
    public bool IsDead { get; set; }

    /// <summary>Commits wait until <see cref="Release"/>.</summary>
    public void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => gate.TrySetResult();

    /// <summary>Its rows.</summary>
    public StagedRows Staged { get; } = new(inner.Rows);

    public IRowStore Rows => Staged;

    public bool WritesInOrder => true;

    public ValueTask<WrittenBatch> WriteAsync(CommitBatch batch, CancellationToken cancel)
    {
        var write = WriteAfterAsync(lastWrite, batch, cancel);
        lastWrite = write;
        return new(write);
    }

    // As a disk does: the next batch is written while the last one syncs.
    private async Task<WrittenBatch> WriteAfterAsync(Task before, CommitBatch batch, CancellationToken cancel)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var number = Arrived + 1;
        var result = await CommitAsync(batch, cancel);
        if (result is CommitResult.Conflict) return new WrittenBatch(result, Task.CompletedTask);
        lastSync = SyncAsync(lastSync, fails: number == FaultAt && Fault is CommitFault.SyncFailed);
        return new WrittenBatch(result, lastSync);
    }

    public async ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref commits);
        await gate.Task;
        if (Delay > TimeSpan.Zero) await Task.Run(() => Thread.Sleep(Delay), cancel);
        var isFault = number == FaultAt;
        if (isFault && Fault is CommitFault.DeadBefore) IsDead = true;
        if (IsDead || (isFault && Fault is CommitFault.BeforeWrite)) throw new JournalUnavailableException("broken by a test.");
        var result = await inner.CommitAsync(batch, cancel);
        if (result is CommitResult.Conflict) Conflicts++;
        else lock (batches) batches.Add(batch.Appends.Count);
        if (isFault && Fault is CommitFault.DeadAfter) IsDead = true;
        if (isFault && Fault is CommitFault.AcknowledgementLost) throw new JournalUnavailableException("acknowledgement lost by a test.");
        return result;
    }

    public ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel) => Alive().LoadAsync(entity, cancel);

    public ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel) => Alive().HistoryAsync(entity, afterVersion, limit, cancel);

    public ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel) => Alive().KeysAsync(workspace, kind, afterKey, limit, cancel);

    public ValueTask<IReadOnlyList<StoredEffect>> OutboxAsync(long afterSequence, int limit, CancellationToken cancel) => Alive().OutboxAsync(afterSequence, limit, cancel);

    public ValueTask<bool> ParkAsync(EffectId effect, string reason, CancellationToken cancel) => Alive().ParkAsync(effect, reason, cancel);

    public ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel) => Alive().ParkedAsync(limit, cancel);

    public ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel) => Alive().TimersAsync(dueBy, limit, cancel);

    public ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel) => Alive().RequestAsync(workspace, key, cancel);

    public ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel) => Alive().IdentityAsync(workspace, identity, cancel);

    public ValueTask<IReadOnlyList<LeadRow>> LeadsAsync(LeadQuery query, CancellationToken cancel) => Alive().LeadsAsync(query, cancel);

    public ValueTask<IReadOnlyList<StoredEffect>> OwedByAsync(EntityId source, int limit, CancellationToken cancel) => Shared().OwedByAsync(source, limit, cancel);

    public ValueTask<(IReadOnlyList<EntityId> Sources, long Newest)> DebtorsAsync(Shard shard, long upToSequence, int limit, CancellationToken cancel) => Shared().DebtorsAsync(shard, upToSequence, limit, cancel);

    public ValueTask<IReadOnlyList<StoredTimer>> DueAsync(Shard shard, DateTimeOffset dueBy, int limit, CancellationToken cancel) => Shared().DueAsync(shard, dueBy, limit, cancel);

    public ValueTask<ulong> FeedEndAsync(CancellationToken cancel) => Shared().FeedEndAsync(cancel);

    public ValueTask<FeedPage> FeedAsync(ulong after, int limit, CancellationToken cancel) => Shared().FeedAsync(after, limit, cancel);

    public ValueTask<IReadOnlyList<(EntityId Entity, StoredTurns Turns)>> TurnsAsync(IReadOnlyList<AppendedTurns> named, CancellationToken cancel) => Shared().TurnsAsync(named, cancel);

    public Task NewsAsync(TimeSpan atMost, CancellationToken cancel) => Shared().NewsAsync(atMost, cancel);

    public ValueTask TrimFeedAsync(TimeSpan keep, CancellationToken cancel) => Shared().TrimFeedAsync(keep, cancel);

    // The store lives on; only this process's way to it is gone.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // A sync that fails takes along what waits behind it; what is written after that is synced anew.
    private static async Task SyncAsync(Task before, bool fails)
    {
        if (!before.IsCompleted) await before;
        await Task.Run(() => Thread.Sleep(1));
        if (fails) throw new JournalUnavailableException("sync failed by a test.");
    }

    private IJournal Alive() => IsDead ? throw new JournalUnavailableException("broken by a test.") : inner;

    private ISharedJournal Shared() => (ISharedJournal)Alive();

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
