using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Effects that wait for the turn that they cause.</summary>
internal sealed class MemoryOutbox
{
    private readonly Dictionary<EffectId, Entry> entries = [];
    private readonly Dictionary<(EntityId Source, EntityId Target), Entry> reports = [];
    private readonly HashSet<EffectId> consumed = [];
    // In order of sequence; entries that are gone stay until they are the greater part.
    private readonly List<Entry> order = [];
    private int gone;
    private long sequence;

    /// <summary>Names consumed effects that are not there; one that the batch consumes twice is not there the second time.</summary>
    public void Check(CommitBatch batch, Conflicts conflicts)
    {
        consumed.Clear();
        foreach (var effect in batch.EffectsConsumed)
        {
            if (!entries.ContainsKey(effect) || !consumed.Add(effect)) conflicts.Add(effect);
        }
        if (conflicts.Any) return;
        foreach (var effect in batch.EffectsAdded)
        {
            Invariant.Require(!entries.ContainsKey(effect.Id) || consumed.Contains(effect.Id), "an effect is stored once");
        }
    }

    /// <summary>Consumes, then adds: a report that was consumed is not replaced, a report that was not is.</summary>
    public void Apply(CommitBatch batch)
    {
        foreach (var effect in batch.EffectsConsumed) Remove(entries[effect]);
        foreach (var report in batch.ReportsConsumed)
        {
            if (entries.TryGetValue(report, out var entry)) Remove(entry);
        }
        foreach (var effect in batch.EffectsAdded) Add(effect);
        if (gone > 64 && gone > order.Count / 2) Compact();
    }

    /// <summary>See <see cref="IJournal.OutboxAsync"/>.</summary>
    public IReadOnlyList<StoredEffect> After(long afterSequence, int limit)
    {
        var page = new List<StoredEffect>();
        for (var i = IndexAfter(afterSequence); i < order.Count && page.Count < limit; i++)
        {
            if (order[i] is { IsGone: false, Reason: null } entry) page.Add(entry.Effect);
        }
        return page;
    }

    /// <summary>See <see cref="StoredEntity.Owed"/>.</summary>
    public IReadOnlyList<StoredEffect> OwedBy(EntityId source)
    {
        if (entries.Count == 0) return [];
        var owed = new List<StoredEffect>();
        foreach (var entry in order)
        {
            if (entry is { IsGone: false, Reason: null } && entry.Effect.Id.Source == source) owed.Add(entry.Effect);
        }
        // One that was parked and waits again stands behind those that were made after it.
        owed.Sort((x, y) => (x.Id.Version, x.Id.Ordinal).CompareTo((y.Id.Version, y.Id.Ordinal)));
        return owed;
    }

    /// <summary>See <see cref="IJournal.ParkAsync"/>. Parked again, an effect shows its newest reason.</summary>
    public bool Park(EffectId effect, string reason, DateTimeOffset at)
    {
        if (!entries.TryGetValue(effect, out var entry)) return false;
        (entry.Reason, entry.ParkedAt) = (reason, at);
        return true;
    }

    /// <summary>See <see cref="IJournal.ParkedAsync"/>.</summary>
    public IReadOnlyList<ParkedEffect> Parked(int limit)
    {
        var page = new List<ParkedEffect>();
        foreach (var entry in order)
        {
            if (page.Count == limit) break;
            if (entry is { IsGone: false, Reason: { } reason }) page.Add(new ParkedEffect(entry.Effect, reason, entry.ParkedAt));
        }
        return page;
    }

    private void Add(StoredEffect effect)
    {
        var entry = new Entry(effect with { Sequence = ++sequence });
        if (effect.IsReport)
        {
            if (reports.TryGetValue((effect.Id.Source, effect.Target), out var older)) Remove(older);
            reports.Add((effect.Id.Source, effect.Target), entry);
        }
        entries.Add(effect.Id, entry);
        order.Add(entry);
    }

    private void Remove(Entry entry)
    {
        entries.Remove(entry.Effect.Id);
        if (entry.Effect.IsReport) reports.Remove((entry.Effect.Id.Source, entry.Effect.Target));
        entry.IsGone = true;
        gone++;
    }

    private void Compact()
    {
        order.RemoveAll(entry => entry.IsGone);
        gone = 0;
    }

    private int IndexAfter(long afterSequence)
    {
        var (low, high) = (0, order.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (order[middle].Effect.Sequence <= afterSequence) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private sealed class Entry(StoredEffect effect)
    {
        public StoredEffect Effect { get; } = effect;
        public bool IsGone { get; set; }
        public string? Reason { get; set; }
        public DateTimeOffset ParkedAt { get; set; }
    }
}
