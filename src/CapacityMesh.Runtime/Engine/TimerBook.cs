using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Engine;

/// <summary>
/// Timers that are due soon, as decided so far; the rows in the journal are the truth. Only timers due before <see cref="Horizon"/> are kept
/// here; the driver brings the rest in as the horizon moves.
/// </summary>
public sealed class TimerBook
{
    private readonly Dictionary<TimerId, DateTimeOffset> due = [];
    private readonly PriorityQueue<StoredTimer, (long Ticks, string Entity, string Name)> queue = new();

    /// <summary>Timers due later than this are not kept.</summary>
    public DateTimeOffset Horizon { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Timers kept.</summary>
    public int Count => due.Count;

    /// <summary>Sets a timer; an earlier one of the same entity and name is replaced.</summary>
    public void Set(StoredTimer timer)
    {
        var id = new TimerId(timer.Entity, timer.Name);
        if (timer.Due > Horizon)
        {
            due.Remove(id);
            return;
        }
        due[id] = timer.Due;
        // Ties at one instant are ordered by name, so that every run is the same run.
        queue.Enqueue(timer, (timer.Due.UtcTicks, timer.Entity.ToString(), timer.Name));
    }

    /// <summary>Clears a timer.</summary>
    public void Clear(TimerId timer) => due.Remove(timer);

    /// <summary>Clears everything.</summary>
    public void Clear()
    {
        due.Clear();
        queue.Clear();
    }

    /// <summary>When the next timer is due; null when none is kept.</summary>
    public DateTimeOffset? NextDue()
    {
        DropStale();
        return queue.TryPeek(out var timer, out _) ? timer.Due : null;
    }

    /// <summary>Takes the next timer that is due at the instant.</summary>
    public bool TryTake(DateTimeOffset now, out StoredTimer timer)
    {
        DropStale();
        if (!queue.TryPeek(out timer, out _) || timer.Due > now) return false;
        queue.Dequeue();
        due.Remove(new TimerId(timer.Entity, timer.Name));
        return true;
    }

    private void DropStale()
    {
        while (queue.TryPeek(out var timer, out _) && (!due.TryGetValue(new TimerId(timer.Entity, timer.Name), out var at) || at != timer.Due)) queue.Dequeue();
    }
}
