using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Turns and snapshots by entity.</summary>
internal sealed class MemoryTurns
{
    private readonly Dictionary<EntityId, Stored> entities = [];
    private readonly Dictionary<(string Workspace, EntityKind Kind), OrderedKeys> keys = [];

    /// <summary>Names the appends, and the unchanged, whose expected version is not the stored one.</summary>
    public void Check(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var append in batch.Appends)
        {
            if (HeadOf(append.Entity) != append.ExpectedVersion) conflicts.Add(append.Entity);
        }
        foreach (var unchanged in batch.Unchanged)
        {
            if (HeadOf(unchanged.Entity) != unchanged.Version) conflicts.Add(unchanged.Entity);
        }
    }

    /// <summary>Writes appends and snapshots that were checked.</summary>
    public void Apply(CommitBatch batch)
    {
        foreach (var append in batch.Appends)
        {
            var stored = Open(append.Entity);
            stored.Turns.Add(new StoredTurns(append.ExpectedVersion + 1, append.Version, append.Turns));
            stored.Version = append.Version;
        }
        foreach (var snapshot in batch.Snapshots) Open(snapshot.Entity).Snapshot = snapshot;
    }

    /// <summary>See <see cref="IJournal.LoadAsync"/>.</summary>
    public StoredEntity? Load(EntityId entity, MemoryOutbox outbox)
    {
        if (!entities.TryGetValue(entity, out var stored) || stored.Version == 0) return null;
        return new StoredEntity(stored.Version, stored.Snapshot, After(stored, stored.Snapshot?.Version ?? 0, int.MaxValue), outbox.OwedBy(entity));
    }

    /// <summary>See <see cref="IJournal.HistoryAsync"/>.</summary>
    public IReadOnlyList<StoredTurns> History(EntityId entity, long afterVersion, int limit) =>
        entities.TryGetValue(entity, out var stored) ? After(stored, afterVersion, limit) : [];

    /// <summary>See <see cref="IJournal.KeysAsync"/>.</summary>
    public IReadOnlyList<string> Keys(string workspace, EntityKind kind, string? afterKey, int limit)
    {
        if (!keys.TryGetValue((workspace, kind), out var ordered)) return [];
        var page = new List<string>();
        for (var i = ordered.IndexAfter(afterKey); i < ordered.Count && page.Count < limit; i++) page.Add(ordered[i]);
        return page;
    }

    private static List<StoredTurns> After(Stored stored, long version, int limit)
    {
        // The newest turns are asked for most, so the way to them is from the end.
        var first = stored.Turns.Count;
        while (first > 0 && stored.Turns[first - 1].Version > version) first--;
        return stored.Turns.GetRange(first, Math.Min(limit, stored.Turns.Count - first));
    }

    private long HeadOf(EntityId entity) => entities.TryGetValue(entity, out var stored) ? stored.Version : 0;

    private Stored Open(EntityId entity)
    {
        if (entities.TryGetValue(entity, out var stored)) return stored;
        if (!keys.TryGetValue((entity.Workspace, entity.Kind), out var ordered)) keys.Add((entity.Workspace, entity.Kind), ordered = new OrderedKeys());
        ordered.Add(entity.Key);
        entities.Add(entity, stored = new Stored());
        return stored;
    }

    private sealed class Stored
    {
        public long Version { get; set; }
        public StoredSnapshot? Snapshot { get; set; }
        public List<StoredTurns> Turns { get; } = new(1);
    }
}
