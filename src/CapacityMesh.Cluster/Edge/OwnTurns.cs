using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster.Edge;

/// <summary>
/// Turns that this silo wrote and that the feed will name: its followers are told of them as they are in memory, and only what others wrote is read.
/// </summary>
/// <param name="max">Appends kept; beyond that, and for whatever is heard before its commit returned, the journal is read.</param>
internal sealed class OwnTurns(int max)
{
    private readonly ConcurrentDictionary<AppendedTurns, Appended> kept = new();
    private readonly int most = max;
    private int count;

    /// <summary>A batch is about to be written. Named before, so that nothing stays that was heard in between.</summary>
    public Written Begin(Batch batch)
    {
        var written = new Written(this);
        foreach (var turn in batch.Turns) written.Add(new CommittedTurn(turn.Entity.Id, turn.Version, turn.At, turn.Events, turn.State));
        return written;
    }

    /// <summary>Whether this silo wrote them, as far as it knows, and the turns, if it knows that they are written.</summary>
    public (bool IsOwn, IReadOnlyList<CommittedTurn>? Turns) Find(AppendedTurns named) =>
        kept.TryGetValue(named, out var found) ? (true, found.Of.IsDurable ? found.Turns : null) : (false, null);

    /// <summary>They were told of.</summary>
    public void Forget(AppendedTurns named)
    {
        if (kept.TryRemove(named, out _)) Interlocked.Decrement(ref count);
    }

    private sealed record Appended(Written Of, List<CommittedTurn> Turns);

    /// <summary>What one batch writes.</summary>
    internal sealed class Written(OwnTurns owner)
    {
        private readonly Dictionary<EntityId, Appended> appended = [];
        private volatile bool isDurable;

        public bool IsDurable => isDurable;

        public void Add(CommittedTurn turn)
        {
            if (appended.TryGetValue(turn.Entity, out var before))
            {
                before.Turns.Add(turn);
                return;
            }
            var turns = appended[turn.Entity] = new Appended(this, [turn]);
            if (Volatile.Read(ref owner.count) < owner.most && owner.kept.TryAdd(new AppendedTurns(turn.Entity, turn.Version), turns)) Interlocked.Increment(ref owner.count);
        }

        /// <summary>It is written.</summary>
        public void End() => isDurable = true;

        /// <summary>It was not, or nobody knows.</summary>
        public void Drop()
        {
            foreach (var (entity, turns) in appended)
            {
                if (owner.kept.TryRemove(KeyValuePair.Create(new AppendedTurns(entity, turns.Turns[0].Version), turns))) Interlocked.Decrement(ref owner.count);
            }
        }
    }
}
