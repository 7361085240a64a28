using Microsoft.Win32.SafeHandles;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>
/// The thread that makes what was written survive a loss of power: one sync of the write-ahead log for all that was written before it began, while
/// writing goes on. SQLite itself leaves commits unsynced (synchronous = NORMAL: https://www.sqlite.org/pragma.html#pragma_synchronous), keeps the file
/// whole by syncing around checkpoints, and rebuilds from the log what was written in order; what it leaves to us is when a commit may be told.
/// </summary>
internal sealed class LogSync : IDisposable
{
    private readonly Lock gate = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Queue<Waiter> waiting = new();
    private readonly string path;
    private readonly Action? beforeSync;
    private readonly Thread thread;
    private Waiter? latest;
    private SafeFileHandle? log;
    private JournalUnavailableException? broken;
    private long begun;
    private long written;
    private long settled;
    private bool isNewLog = true;
    private bool ended;

    /// <summary>Starts.</summary>
    /// <param name="file">The database's file; its log stands beside it.</param>
    /// <param name="beforeSync">Called before each sync; see <see cref="SqliteJournalOptions.BeforeSync"/>.</param>
    public LogSync(string file, Action? beforeSync)
    {
        (path, this.beforeSync) = (file + "-wal", beforeSync);
        thread = new Thread(Work) { IsBackground = true, Name = "journal sync" };
        thread.Start();
    }

    /// <summary>
    /// A sync failed. Which pages reached the disk is unknown, and a later sync would not tell: nothing may be acknowledged until a checkpoint has
    /// written all of them again, to the file, and <see cref="Repaired"/> was called.
    /// </summary>
    public bool IsBroken { get { lock (gate) return broken is not null; } }

    /// <summary>Called before a commit, which readers may see from now on.</summary>
    public void Begin()
    {
        lock (gate) begun++;
    }

    /// <summary>Called after a commit, worked or not; completes when it is durable.</summary>
    public Task End()
    {
        lock (gate)
        {
            written = begun;
            wake.Set();
            return Wait(written);
        }
    }

    /// <summary>Completes when all that a reader can have seen is durable; fails while that is unknown.</summary>
    public Task WhenDurable()
    {
        lock (gate) return broken is null ? Wait(begun) : Task.FromException(broken);
    }

    /// <summary>Everything that the log held is in the file, and the file is synced.</summary>
    public void Repaired()
    {
        lock (gate) broken = null;
    }

    /// <summary>Waits for the syncs under way; the log that comes next may be another file.</summary>
    public void Drain()
    {
        Task last;
        lock (gate) last = Wait(written);
        ((IAsyncResult)last).AsyncWaitHandle.WaitOne();
        lock (gate) isNewLog = true;
    }

    /// <summary>Settles what was written, and ends.</summary>
    public void Dispose()
    {
        lock (gate) ended = true;
        wake.Set();
        thread.Join();
        log?.Dispose();
        wake.Dispose();
    }

    private Task Wait(long number)
    {
        if (number <= settled) return Task.CompletedTask;
        if (latest?.Number != number) waiting.Enqueue(latest = new Waiter(number));
        return latest.Task;
    }

    private void Work()
    {
        while (true)
        {
            long target;
            bool last;
            lock (gate) (target, last) = (written, ended);
            if (target > settled) Settle(target, Sync());
            else if (last) return;
            else wake.WaitOne();
        }
    }

    private JournalUnavailableException? Sync()
    {
        try
        {
            beforeSync?.Invoke();
            bool reopen;
            lock (gate) (reopen, isNewLog) = (isNewLog, false);
            if (reopen)
            {
                log?.Dispose();
                log = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            RandomAccess.FlushToDisk(log!);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new JournalUnavailableException("The journal cannot be synced; whether the last commits survive a loss of power is unknown.", fault);
        }
    }

    private void Settle(long target, JournalUnavailableException? fault)
    {
        lock (gate)
        {
            broken ??= fault;
            if (fault is not null) isNewLog = true;
            while (waiting.TryPeek(out var next) && next.Number <= target)
            {
                waiting.Dequeue();
                if (broken is null) next.SetResult();
                else next.SetException(broken);
            }
            settled = target;
        }
    }

    private sealed class Waiter(long number) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Number { get; } = number;
    }
}
