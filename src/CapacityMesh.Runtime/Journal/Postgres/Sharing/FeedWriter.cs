using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>Names a commit's turns in the feed.</summary>
internal static class FeedWriter
{
    private const string AddSql = "INSERT INTO feed (entities, first_versions) VALUES ($1, $2)";

    /// <summary>Adds them in the order of the batch.</summary>
    public static void Write(Script script, CommitBatch batch)
    {
        if (batch.Appends.Count == 0) return;
        script.Run(AddSql, Sql.Column(batch.Appends, a => a.Entity.ToString()), Sql.Column(batch.Appends, a => a.ExpectedVersion + 1));
    }
}
