using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Opens and answers requests.</summary>
internal sealed class RequestWriter(Database database) : IDisposable
{
    private readonly Statement open = database.Prepare(
        "INSERT INTO requests (workspace, key, body_hash, reply, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    // The first answer stands: a repeat must hear what the first caller heard.
    private readonly Statement answer = database.Prepare("UPDATE requests SET reply = ?3 WHERE workspace = ?1 AND key = ?2 AND reply IS NULL");

    /// <summary>Opens and answers; names the keys that were opened before.</summary>
    public void Write(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var change in batch.Requests)
        {
            if (change.BodyHash is { } hash)
            {
                var opened = open.Bind(1, change.Workspace).Bind(2, change.Key).Bind(3, hash).Bind(4, change.Reply).Bind(5, change.At).Run();
                if (opened == 0) conflicts.Add(change.Workspace, change.Key);
            }
            else if (change.Reply is { } reply)
            {
                answer.Bind(1, change.Workspace).Bind(2, change.Key).Bind(3, reply).Run();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        open.Dispose();
        answer.Dispose();
    }
}
