namespace CapacityMesh.Runtime.Hosting;

/// <summary>The sleep of one thread, which others end. Waking one that is awake costs one exchange, and no call of the system.</summary>
/// <param name="nothingToDo">Whether the thread may sleep; looked at once more after it has said that it falls asleep, so that no work is slept through.</param>
internal sealed class Sleep(Func<bool> nothingToDo) : IDisposable
{
    private readonly AutoResetEvent signal = new(false);
    private int isAwake = 1;

    /// <summary>Sleeps until it is woken, or the time is over; not at all when there is something to do.</summary>
    public void For(TimeSpan timeout)
    {
        // A full fence: work that comes after it finds the thread asleep, and work that came before it is seen here.
        Interlocked.Exchange(ref isAwake, 0);
        if (nothingToDo()) signal.WaitOne(timeout);
        Interlocked.Exchange(ref isAwake, 1);
    }

    /// <summary>There is work; called after it can be seen.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref isAwake, 1) == 0) signal.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => signal.Dispose();
}
