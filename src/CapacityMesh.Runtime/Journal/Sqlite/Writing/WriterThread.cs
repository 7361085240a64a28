using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>
/// The thread that writes: jobs in their order, one transaction each. It waits neither for syncs, the next job is written while <see cref="LogSync"/> makes
/// the last one durable, nor for the log to be moved into the file: <see cref="Checkpointer"/> does that, all but the end.
/// </summary>
internal sealed class WriterThread : IAsyncDisposable
{
    // Jobs that wait: committers are few and each awaits its own; more than this is a caller that does not wait.
    private const int QueueMax = 1_024;
    // Pages of 4 KiB in the log before it is moved: 4 MiB when nothing else is to do, 16 MiB when something always is: four times as much saves a few
    // percent of the writing.
    private const int IdlePages = 1_000;
    private const int BusyPages = 4_000;
    // Nearly every read has ended by then; behind a longer one the log grows by another stretch.
    private static readonly TimeSpan RestPatience = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(50);

    private readonly SqliteJournalOptions options;
    private readonly ClaimIndex claims;
    private readonly LogSync sync;
    private readonly Checkpointer checkpointer;
    private readonly WorkQueue<Job> jobs = new();
    private readonly SemaphoreSlim room = new(QueueMax);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriteSession? session;

    /// <summary>Opens the file at once, so that what is wrong with it is known at once.</summary>
    public WriterThread(SqliteJournalOptions options, ClaimIndex claims)
    {
        (this.options, this.claims) = (options, claims);
        sync = new LogSync(options.Path, options.BeforeSync);
        try
        {
            session = new WriteSession(options, sync, claims);
        }
        catch
        {
            sync.Dispose();
            throw;
        }
        checkpointer = new Checkpointer(options);
        new Thread(Work) { IsBackground = true, Name = "journal" }.Start();
    }

    /// <summary>Completes when all that a reader can have seen is durable.</summary>
    public Task WhenDurable() => sync.WhenDurable();

    /// <summary>Runs a job in turn and waits until it is durable.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async Task<T> RunAsync<T>(Func<WriteSession, Written<T>> work, CancellationToken cancel)
    {
        var (result, durable) = await WriteAsync(work, cancel);
        await durable;
        return result;
    }

    /// <summary>
    /// Runs a job in turn. Cancelled before its turn it leaves no trace; from then on it runs to its end. Nothing but this thread stands between the job
    /// and who blocks on it: under load, a work item of the pool would wait for all the requests before it.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public Task<T> WriteAsync<T>(Func<WriteSession, T> work, CancellationToken cancel)
    {
        var job = new Job<T>(work, cancel);
        return room.Wait(0, CancellationToken.None) ? Add(job) : AddLaterAsync(job, cancel);
    }

    /// <summary>Finishes the jobs that wait, moves the log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        jobs.CompleteAdding();
        await ended.Task;
    }

    private async Task<T> AddLaterAsync<T>(Job<T> job, CancellationToken cancel)
    {
        await room.WaitAsync(cancel);
        return await Add(job);
    }

    private Task<T> Add<T>(Job<T> job)
    {
        try
        {
            jobs.Add(job);
        }
        catch (InvalidOperationException) when (jobs.IsAddingCompleted)
        {
            room.Release();
            throw new ObjectDisposedException(nameof(SqliteJournal));
        }
        return job.Done;
    }

    private void Work()
    {
        try
        {
            while (!jobs.IsCompleted)
            {
                if (jobs.TryTake(out var job, Idle)) Run(job);
                Checkpoint(isIdle: job is null);
            }
            Close();
        }
        finally
        {
            sync.Dispose();
            ended.SetResult();
        }
    }

    private void Run(Job job)
    {
        room.Release();
        try
        {
            job.Run(Ready());
        }
        catch (Exception fault)
        {
            // The fault belongs to whoever waits. What the session holds is unknown now, so it goes.
            Drop();
            job.Fail(fault);
        }
    }

    private WriteSession Ready()
    {
        session ??= new WriteSession(options, sync, claims);
        if (!sync.IsBroken) return session;
        checkpointer.Rest();
        if (!session.EmptyLog()) throw new JournalUnavailableException("A sync failed, and a reader is in the way of writing the log again.");
        sync.Repaired();
        return session;
    }

    private void Checkpoint(bool isIdle)
    {
        try
        {
            // Readers wait for the repair too, and a host that reads before it writes again would wait for ever.
            if (sync.IsBroken) Ready();
            else if (checkpointer.IsRunning) return;
            else if (checkpointer.IsDone) MoveRest();
            else if (session?.PagesInLog >= (isIdle ? IdlePages : BusyPages)) checkpointer.Begin();
        }
        catch (JournalUnavailableException)
        {
            // Nobody waits for a checkpoint, and nothing is lost without it: the next job meets the same disk and tells.
            Drop();
        }
    }

    private void MoveRest()
    {
        checkpointer.Done();
        session?.MoveLog(RestPatience);
    }

    private void Close()
    {
        checkpointer.Dispose();
        try
        {
            session?.EmptyLog();
        }
        catch (JournalUnavailableException)
        {
            // The log stays beside the file, and the next start reads it.
        }
        Drop();
    }

    private void Drop()
    {
        // Who closes the file last moves the log into it and deletes the log.
        sync.Drain();
        session?.Dispose();
        session = null;
    }

    private abstract class Job
    {
        public abstract void Run(WriteSession session);

        public abstract void Fail(Exception fault);
    }

    private sealed class Job<T>(Func<WriteSession, T> work, CancellationToken cancel) : Job
    {
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Done => done.Task;

        public override void Run(WriteSession session)
        {
            if (cancel.IsCancellationRequested) done.SetCanceled(cancel);
            else done.SetResult(work(session));
        }

        public override void Fail(Exception fault) => done.SetException(fault);
    }
}
