using System.Collections.Concurrent;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// Makes batches durable, one after the other, on two threads: one encodes and writes, and takes the next batch while the last one syncs; the other waits
/// for each sync in turn, and only then tells anybody.
/// </summary>
internal sealed class Committer(IJournal journal, CommitterEvents events) : IDisposable
{
    private readonly BlockingCollection<Batch> batches = [];
    private readonly BlockingCollection<(Batch Batch, Task Durable)> written = [];
    private readonly List<Thread> threads = [];

    /// <summary>Who follows commits.</summary>
    public Followers Followers { get; } = new();

    /// <summary>The last commit failed.</summary>
    public volatile bool IsFaulted;

    public void Start()
    {
        threads.Add(new Thread(Write) { Name = "mesh committer", IsBackground = true });
        threads.Add(new Thread(Release) { Name = "mesh releases", IsBackground = true });
        threads.ForEach(thread => thread.Start());
    }

    public void Commit(Batch batch) => batches.Add(batch);

    public void Dispose()
    {
        batches.CompleteAdding();
        foreach (var thread in threads) thread.Join(TimeSpan.FromSeconds(5));
        batches.Dispose();
        written.Dispose();
    }

    private void Write()
    {
        foreach (var batch in batches.GetConsumingEnumerable())
        {
            try
            {
                var commit = batch.Encode();
                var (result, durable) = commit.IsEmpty ? Nothing : journal.WriteAsync(commit, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                if (result is CommitResult.Conflict conflict) events.Dropped(batch, conflict, null);
                else written.Add((batch, durable));
            }
#pragma warning disable CA1031 // Whatever went wrong, the batch's fate is unknown: forget it and read the truth again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                IsFaulted = true;
                events.Dropped(batch, null, fault);
            }
            events.Written(batch);
        }
        written.CompleteAdding();
    }

    private void Release()
    {
        foreach (var (batch, durable) in written.GetConsumingEnumerable())
        {
            try
            {
                durable.GetAwaiter().GetResult();
            }
#pragma warning disable CA1031 // As above.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                IsFaulted = true;
                events.Dropped(batch, null, fault);
                continue;
            }
            IsFaulted = false;
            Followers.Tell(batch, events.FollowerFailed);
            events.Durable(batch);
        }
    }

    // A batch with nothing to write is as durable as those before it, which are released first.
    private static WrittenBatch Nothing => new(CommitResult.Committed.Instance, Task.CompletedTask);
}

/// <summary>What a committer tells, from its own threads.</summary>
/// <param name="Written">Its part in the order is decided, for better or worse: the next batch may come.</param>
/// <param name="Durable">Told in commit order.</param>
/// <param name="Dropped">Nothing was written, for the conflicts named; or whether it was is unknown, because of the fault.</param>
/// <param name="FollowerFailed">A follower threw.</param>
internal sealed record CommitterEvents(
    Action<Batch> Written, Action<Batch> Durable, Action<Batch, CommitResult.Conflict?, Exception?> Dropped, Action<Exception> FollowerFailed);
