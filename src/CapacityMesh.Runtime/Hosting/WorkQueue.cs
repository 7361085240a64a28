using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace CapacityMesh.Runtime.Hosting;

/// <summary>
/// Work for one thread, which <see cref="Sleep">sleeps</see> while there is none. The collections of the framework spin and yield first, and whoever yields
/// on a busy machine is last in the processor's queue when there is work again. Its length is for whoever adds to bound.
/// </summary>
public sealed class WorkQueue<T> : IDisposable
{
    private readonly ConcurrentQueue<T> items = new();
    private readonly Sleep sleep;
    private volatile bool completed;

    /// <summary>Empty.</summary>
    public WorkQueue() => sleep = new Sleep(() => items.IsEmpty && !completed);

    /// <summary>Nothing is added any more, and all was taken.</summary>
    public bool IsCompleted => completed && items.IsEmpty;

    /// <summary>Nothing is added any more.</summary>
    public bool IsAddingCompleted => completed;

    /// <summary>Adds work.</summary>
    /// <exception cref="InvalidOperationException">Nothing may be added any more.</exception>
    public void Add(T item)
    {
        // Together, so that nothing is added behind the back of a taker who has seen the end.
        lock (items)
        {
            if (completed) throw new InvalidOperationException("Nothing may be added any more.");
            items.Enqueue(item);
        }
        sleep.Wake();
    }

    /// <summary>Nothing will be added.</summary>
    public void CompleteAdding()
    {
        lock (items) completed = true;
        sleep.Wake();
    }

    /// <summary>Takes the next, or waits for it; false when none came in time, or none will come.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item, TimeSpan timeout)
    {
        if (items.TryDequeue(out item)) return true;
        sleep.For(timeout);
        return items.TryDequeue(out item);
    }

    /// <summary>All of it, as it comes, until nothing is added any more.</summary>
    public IEnumerable<T> All()
    {
        while (!IsCompleted)
        {
            if (TryTake(out var item, Timeout.InfiniteTimeSpan)) yield return item;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => sleep.Dispose();
}
