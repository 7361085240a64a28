using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Timers by name and by due time.</summary>
internal sealed class MemoryTimers
{
    private readonly Dictionary<TimerId, StoredTimer> timers = [];
    private readonly SortedSet<StoredTimer> order = new(Comparer<StoredTimer>.Create(Compare));
    private readonly HashSet<TimerId> consumed = [];

    /// <summary>Names consumed timers that are not there with this very due time; consumed twice, a timer is not there the second time.</summary>
    public void Check(CommitBatch batch, Conflicts conflicts)
    {
        consumed.Clear();
        foreach (var timer in batch.TimersConsumed)
        {
            var there = timers.TryGetValue(IdOf(timer), out var stored) && stored.Due == timer.Due;
            if (!there || !consumed.Add(IdOf(timer))) conflicts.Add(timer);
        }
    }

    /// <summary>Consumes, clears, then sets.</summary>
    public void Apply(CommitBatch batch)
    {
        foreach (var timer in batch.TimersConsumed) Remove(IdOf(timer));
        foreach (var timer in batch.TimersCleared) Remove(timer);
        foreach (var timer in batch.TimersSet)
        {
            Remove(IdOf(timer));
            timers.Add(IdOf(timer), timer);
            order.Add(timer);
        }
    }

    /// <summary>See <see cref="IJournal.TimersAsync"/>; those due at one instant in the order of their entities' stored form, then their names.</summary>
    public IReadOnlyList<StoredTimer> DueBy(DateTimeOffset instant, int limit)
    {
        var page = new List<StoredTimer>();
        foreach (var timer in order)
        {
            if (timer.Due > instant || page.Count == limit) break;
            page.Add(timer);
        }
        return page;
    }

    private static TimerId IdOf(StoredTimer timer) => new(timer.Entity, timer.Name);

    private void Remove(TimerId id)
    {
        if (timers.Remove(id, out var stored)) order.Remove(stored);
    }

    private static int Compare(StoredTimer x, StoredTimer y)
    {
        var byDue = x.Due.CompareTo(y.Due);
        if (byDue != 0) return byDue;
        var byEntity = x.Entity == y.Entity ? 0 : CodePointOrder.Of(x.Entity.ToString(), y.Entity.ToString());
        return byEntity != 0 ? byEntity : CodePointOrder.Of(x.Name, y.Name);
    }
}
