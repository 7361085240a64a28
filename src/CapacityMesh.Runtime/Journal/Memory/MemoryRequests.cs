namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Requests by idempotency key.</summary>
internal sealed class MemoryRequests
{
    private readonly Dictionary<(string Workspace, string Key), StoredRequest> requests = [];

    /// <summary>Names keys that were opened before.</summary>
    public void Check(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var change in batch.Requests)
        {
            if (change.BodyHash is not null && requests.ContainsKey((change.Workspace, change.Key))) conflicts.Add(change.Workspace, change.Key);
        }
    }

    /// <summary>
    /// Opens and answers. The first answer stands, since a repeat must hear what the first caller heard; an answer to a key that nobody opened is let go.
    /// </summary>
    public void Apply(CommitBatch batch)
    {
        foreach (var change in batch.Requests)
        {
            var id = (change.Workspace, change.Key);
            if (change.BodyHash is { } hash) requests.Add(id, new StoredRequest(hash, change.Reply, change.At));
            else if (change.Reply is { } reply && requests.TryGetValue(id, out var stored) && stored.Reply is null) requests[id] = stored with { Reply = reply };
        }
    }

    /// <summary>See <see cref="IJournal.RequestAsync"/>.</summary>
    public StoredRequest? Find(string workspace, string key) => requests.TryGetValue((workspace, key), out var stored) ? stored : null;
}
