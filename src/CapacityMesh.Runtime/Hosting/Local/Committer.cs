using System.Collections.Concurrent;
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

    private readonly BlockingCollection<Batch> batches = [];
    private readonly BlockingCollection<(Batch Batch, Task<WrittenBatch> Write)> writes = [];
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
        foreach (var batch in batches.GetConsumingEnumerable())
        {
            var next = Encoded(batch);
            // One at a time: what comes meanwhile shares the next. This one stands or falls by itself, whatever became of the last.
            Task.WaitAny(write);
            write = next();
            writes.Add((batch, write));
            events.Encoded();
        }
        writes.CompleteAdding();
    }

    private Func<Task<WrittenBatch>> Encoded(Batch batch)
    {
        try
        {
            var commit = batch.Encode();
            return commit.IsEmpty ? () => Nothing : () => journal.WriteAsync(commit, CancellationToken.None).AsTask();
        }
#pragma warning disable CA1031 // It fails like a write, in its turn.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return () => Task.FromException<WrittenBatch>(fault);
        }
    }

    private void Release()
    {
        var doubted = 0L;
        foreach (var (batch, write) in writes.GetConsumingEnumerable())
        {
            try
            {
                var (result, durable) = write.GetAwaiter().GetResult();
                if (result is CommitResult.Conflict conflict)
                {
                    events.Dropped(batch, conflict, null);
                    continue;
                }
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
