using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// Makes batches durable, in their order, on two threads: one encodes a batch while the last one is written, and the last but one syncs; the other waits for
/// each in turn, and only then tells anybody.
/// </summary>
internal sealed class Committer(IJournal journal, CommitterEvents events) : IDisposable
{
    // A batch with nothing to write is as durable as those before it, which are released first.
    private static readonly Task<WrittenBatch> Nothing = Task.FromResult(new WrittenBatch(CommitResult.Committed.Instance, Task.CompletedTask));

    private readonly WorkQueue<Batch> batches = new();
    private readonly WorkQueue<(Batch Batch, Task<WrittenBatch> Write)> writes = new();
    private readonly List<Thread> threads = [];

    /// <summary>Who follows commits.</summary>
    public Followers Followers { get; } = new();

    /// <summary>The last commit failed.</summary>
    public volatile bool IsFaulted;

    public void Start()
    {
        threads.Add(new Thread(Encode) { Name = "mesh committer", IsBackground = true });
        threads.Add(new Thread(Release) { Name = "mesh releases", IsBackground = true });
        threads.ForEach(thread => thread.Start());
    }

    public void Commit(Batch batch) => batches.Add(batch);

    public void Dispose()
    {
        batches.CompleteAdding();
        foreach (var thread in threads) thread.Join(TimeSpan.FromSeconds(5));
        batches.Dispose();
        writes.Dispose();
    }

    private void Encode()
    {
        var write = Nothing;
        foreach (var batch in batches.All())
        {
            var last = write;
            write = Write(batch, last);
            writes.Add((batch, write));
            // One is written and one waits for it: what comes meanwhile shares the next.
            SleepUntil(last);
            events.Encoded();
        }
        writes.CompleteAdding();
    }

    // Stands or falls by itself, whatever became of the last: what was built on something that is not there conflicts.
    private Task<WrittenBatch> Write(Batch batch, Task last)
    {
        try
        {
            var commit = batch.Encode();
            if (!journal.WritesInOrder) SleepUntil(last);
            return commit.IsEmpty ? Nothing : journal.WriteAsync(commit, CancellationToken.None).AsTask();
        }
#pragma warning disable CA1031 // It is told in its turn.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return Task.FromException<WrittenBatch>(fault);
        }
    }

    // A task that is waited for spins first; see WorkQueue.
    private static void SleepUntil(Task done)
    {
        if (!done.IsCompleted) ((IAsyncResult)done).AsyncWaitHandle.WaitOne();
    }

    private void Release()
    {
        var doubted = 0L;
        foreach (var (batch, write) in writes.All())
        {
            try
            {
                SleepUntil(write);
                var (result, durable) = write.GetAwaiter().GetResult();
                if (result is CommitResult.Conflict conflict)
                {
                    events.Dropped(batch, conflict, null);
                    continue;
                }
                SleepUntil(durable);
                durable.GetAwaiter().GetResult();
            }
#pragma warning disable CA1031 // Whatever went wrong, the batch's fate is unknown: forget it and read the truth again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                (IsFaulted, doubted) = (true, batch.BuiltOn);
                events.Dropped(batch, null, fault);
                continue;
            }
            IsFaulted = false;
            // What may stand before it is told first, when it is known.
            if (batch.BuiltOn != doubted) Followers.Tell(batch, events.FollowerFailed);
            events.Durable(batch);
        }
    }
}

/// <summary>What a committer tells, from its own threads.</summary>
/// <param name="Encoded">The next batch may come.</param>
/// <param name="Durable">Told in commit order.</param>
/// <param name="Dropped">Nothing was written, for the conflicts named; or whether it was is unknown, because of the fault.</param>
/// <param name="FollowerFailed">A follower threw.</param>
internal sealed record CommitterEvents(
    Action Encoded, Action<Batch> Durable, Action<Batch, CommitResult.Conflict?, Exception?> Dropped, Action<Exception> FollowerFailed);
