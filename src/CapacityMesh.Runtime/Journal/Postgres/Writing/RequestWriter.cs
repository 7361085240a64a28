using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Opens and answers requests.</summary>
internal sealed class RequestWriter(CommitBatch batch)
{
    private const string OpenSql =
        """
        INSERT INTO requests (workspace, key, body_hash, reply, at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bigint[])
        ON CONFLICT (workspace, key) DO NOTHING
        RETURNING workspace, key
        """;

    // The first answer stands: a repeat must hear what the first caller heard.
    private const string AnswerSql =
        """
        UPDATE requests r SET reply = a.reply FROM unnest($1::text[], $2::text[], $3::bytea[]) AS a (workspace, key, reply)
        WHERE r.workspace = a.workspace AND r.key = a.key AND r.reply IS NULL
        """;

    private readonly HashSet<(string Workspace, string Key)> opened = [];

    /// <summary>Opens and answers; a batch has each key once.</summary>
    public void Check(Script script)
    {
        if (batch.Requests.Count == 0) return;
        var opening = Fold.Last(batch.Requests.FindAll(r => r.BodyHash is not null), r => Fold.Key(r.Workspace, r.Key));
        if (opening.Count > 0)
        {
            script.Read(OpenSql, row => opened.Add((row.GetString(0), row.GetString(1))),
                Sql.Column(opening, r => r.Workspace), Sql.Column(opening, r => r.Key), Sql.Column(opening, r => r.BodyHash!),
                Sql.Column(opening, r => r.Reply?.ToArray()), Sql.Column(opening, r => r.At.UtcTicks));
        }
        var answering = Fold.Last(batch.Requests.FindAll(r => r.BodyHash is null && r.Reply is not null), r => Fold.Key(r.Workspace, r.Key));
        if (answering.Count > 0) script.Run(AnswerSql, Sql.Column(answering, r => r.Workspace), Sql.Column(answering, r => r.Key), Sql.Column(answering, r => r.Reply!.Value));
    }

    /// <summary>Names the keys that were opened before.</summary>
    public void Name(Conflicts conflicts)
    {
        foreach (var change in batch.Requests)
        {
            if (change.BodyHash is not null && !opened.Contains((change.Workspace, change.Key))) conflicts.Add(change.Workspace, change.Key);
        }
    }
}
