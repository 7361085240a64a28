using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster.Edge;

/// <summary>
/// Committed states for readers, kept and brought up to date from the journal: a reader sees what is durable, whichever silo wrote it, and pays for
/// the turns that it has not seen.
/// </summary>
public sealed class CommittedStates(IJournal journal, int max)
{
    private const int TailMax = 1_000;
    // Two generations: when the young one has half of what is kept it becomes the old one, so that what is in use stays and nothing is ever counted.
    private readonly Lock gate = new();
    private ConcurrentDictionary<EntityId, Known> young = new();
    private ConcurrentDictionary<EntityId, Known> old = new();
    private int youngCount;

    /// <summary>The state as it is committed now; null when the entity never had a turn.</summary>
    public async Task<(object State, long Version)?> ReadAsync(EntityId id, CancellationToken cancel)
    {
        if (Find(id) is not { } kept) return Keep(id, await LoadAsync(id, cancel));
        var tail = await journal.HistoryAsync(id, kept.Version, TailMax, cancel);
        // Behind by more than is worth replaying, or by a part of what was appended together.
        if (tail.Count == TailMax || (tail.Count > 0 && tail[0].FirstVersion != kept.Version + 1)) return Keep(id, await LoadAsync(id, cancel));
        foreach (var turns in tail) kept = Advance(id, kept, turns);
        return Keep(id, kept);
    }

    /// <summary>The state after some turns that were just committed, or a newer one.</summary>
    public async ValueTask<object> AfterAsync(EntityId id, StoredTurns turns, CancellationToken cancel)
    {
        var before = turns.FirstVersion == 1 ? new Known(MachineType.Of(id.Kind).Initial, 0) : Find(id);
        if (before is not null && before.Version >= turns.Version) return before.State;
        if (before is null || before.Version != turns.FirstVersion - 1) before = await LoadAsync(id, cancel);
        else before = Advance(id, before, turns);
        Keep(id, before);
        return before?.State ?? MachineType.Of(id.Kind).Initial;
    }

    /// <summary>A state that is committed, and known here before it is heard of.</summary>
    public void Learn(EntityId id, object state, long version) => Keep(id, new Known(state, version));

    private async Task<Known?> LoadAsync(EntityId id, CancellationToken cancel)
    {
        var stored = await journal.LoadAsync(id, cancel);
        return stored is null ? null : new Known(TurnCodec.Restore(id, stored).State, stored.Version);
    }

    private static Known Advance(EntityId id, Known from, StoredTurns turns)
    {
        var machine = MachineType.Of(id.Kind);
        var state = from.State;
        foreach (var turn in TurnCodec.Decode(machine, turns))
        {
            foreach (var fact in turn.Events) state = machine.Evolve(state, fact, turn.At);
        }
        return new Known(state, turns.Version);
    }

    private (object, long)? Keep(EntityId id, Known? state)
    {
        if (state is null) return null;
        for (var generation = young; !generation.TryAdd(id, state);)
        {
            if (!generation.TryGetValue(id, out var before)) continue;
            if (before.Version > state.Version || generation.TryUpdate(id, state, before)) return (state.State, state.Version);
        }
        if (Interlocked.Increment(ref youngCount) > max / 2) Age();
        return (state.State, state.Version);
    }

    private Known? Find(EntityId id) => young.TryGetValue(id, out var found) || old.TryGetValue(id, out found) ? found : null;

    private void Age()
    {
        lock (gate)
        {
            if (youngCount <= max / 2) return;
            (old, young, youngCount) = (young, new(), 0);
        }
    }

    private sealed record Known(object State, long Version);
}
