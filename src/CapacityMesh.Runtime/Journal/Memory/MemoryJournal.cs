using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>
/// The journal in memory: the executable form of the contract, and the simulator's store. Deterministic; every call completes at once.
/// <para>Bytes are kept as given, without a copy: the caller does not change them afterwards. Nothing is durable.</para>
/// </summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly MemoryTurns turns = new();
    private readonly MemoryOutbox outbox = new();
    private readonly MemoryTimers timers = new();
    private readonly MemoryRequests requests = new();
    private readonly MemoryIdentities identities = new();
    private readonly MemoryLeads leads = new();
    private readonly MemoryRows rows;

    /// <summary>An empty journal.</summary>
    /// <param name="clock">Tells when an effect was parked; the system's clock unless given.</param>
    public MemoryJournal(TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        rows = new MemoryRows(gate);
    }

    /// <inheritdoc/>
    public IRowStore Rows => rows;

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        JournalRules.Require(batch);
        lock (gate) return ValueTask.FromResult(Commit(batch));
    }

    private CommitResult Commit(CommitBatch batch)
    {
        // 1. Everything that can conflict is checked before anything is written, so that a conflict needs no undoing.
        var conflicts = new Conflicts();
        turns.Check(batch, conflicts);
        timers.Check(batch, conflicts);
        requests.Check(batch, conflicts);
        identities.Check(batch, conflicts);
        outbox.Check(batch, conflicts);
        if (conflicts.Any) return conflicts.ToResult();

        // 2. Nothing below can fail.
        turns.Apply(batch);
        outbox.Apply(batch);
        timers.Apply(batch);
        requests.Apply(batch);
        identities.Apply(batch);
        rows.Apply(batch.Rows);
        leads.Apply(batch);
        return CommitResult.Committed.Instance;
    }

    /// <inheritdoc/>
    public ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate) return ValueTask.FromResult(turns.Load(entity, outbox));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        RequirePage(limit, cancel);
        lock (gate) return ValueTask.FromResult(turns.History(entity, afterVersion, limit));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel)
    {
        RequirePage(limit, cancel);
        lock (gate) return ValueTask.FromResult(turns.Keys(workspace, kind, afterKey, limit));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEffect>> OutboxAsync(long afterSequence, int limit, CancellationToken cancel)
    {
        RequirePage(limit, cancel);
        lock (gate) return ValueTask.FromResult(outbox.After(afterSequence, limit));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ParkAsync(EffectId effect, string reason, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reason);
        cancel.ThrowIfCancellationRequested();
        lock (gate) return ValueTask.FromResult(outbox.Park(effect, JournalLimits.ParkReason(reason), clock.GetUtcNow()));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel)
    {
        RequirePage(limit, cancel);
        lock (gate) return ValueTask.FromResult(outbox.Parked(limit));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel)
    {
        RequirePage(limit, cancel);
        lock (gate) return ValueTask.FromResult(timers.DueBy(dueBy, limit));
    }

    /// <inheritdoc/>
    public ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate) return ValueTask.FromResult(requests.Find(workspace, key));
    }

    /// <inheritdoc/>
    public ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate) return ValueTask.FromResult(identities.Find(workspace, identity));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeadRow>> LeadsAsync(LeadQuery query, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        JournalRules.Require(query);
        lock (gate) return ValueTask.FromResult(leads.Find(query));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void RequirePage(int limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        JournalRules.RequirePage(limit);
    }
}
