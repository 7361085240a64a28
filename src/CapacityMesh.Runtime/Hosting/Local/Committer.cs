using System.Collections.Concurrent;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// The thread that makes batches durable, one after the other: encode, write in one transaction, sync once, and only then tell anybody.
/// </summary>
internal sealed class Committer(IJournal journal, Action<Batch> committed, Action<Batch, CommitResult.Conflict?, Exception?> dropped, Action<Exception> followerFailed) : IDisposable
{
    private readonly BlockingCollection<Batch> batches = [];
    private Thread? thread;

    /// <summary>Who follows commits.</summary>
    public Followers Followers { get; } = new();

    /// <summary>The last commit failed.</summary>
    public volatile bool IsFaulted;

    public void Start()
    {
        thread = new Thread(Loop) { Name = "mesh committer", IsBackground = true };
        thread.Start();
    }

    public void Commit(Batch batch) => batches.Add(batch);

    public void Dispose()
    {
        batches.CompleteAdding();
        thread?.Join(TimeSpan.FromSeconds(5));
        batches.Dispose();
    }

    private void Loop()
    {
        foreach (var batch in batches.GetConsumingEnumerable())
        {
            try
            {
                var commit = batch.Encode();
                var result = commit.IsEmpty ? CommitResult.Committed.Instance : journal.CommitAsync(commit, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                IsFaulted = false;
                if (result is CommitResult.Conflict conflict)
                {
                    dropped(batch, conflict, null);
                    continue;
                }
            }
#pragma warning disable CA1031 // Whatever went wrong, the batch's fate is unknown: forget it and read the truth again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                IsFaulted = true;
                dropped(batch, null, fault);
                continue;
            }
            Followers.Tell(batch, followerFailed);
            committed(batch);
        }
    }
}
