using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;
using NpgsqlTypes;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>Reads the feed of commits.</summary>
internal sealed class FeedReader(Connections connections)
{
    private const string EndSql = "SELECT pg_snapshot_xmin(pg_current_snapshot())";
    private const string TrimSql = "DELETE FROM feed WHERE at < now() - make_interval(secs => $1)";

    private const string PageSql =
        """
        SELECT page.xid, page.entities, page.first_versions FROM feed AS page
        WHERE page.xid >= $1 AND page.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY page.xid LIMIT $2
        """;

    // Whatever the feed names is there in full: it was below the oldest running transaction.
    private const string TurnsSql =
        """
        SELECT t.entity, t.first_version, t.version, t.payload
        FROM unnest($1::text[], $2::bigint[]) AS named (entity, first_version)
        JOIN turns t ON t.entity = named.entity COLLATE "C" AND t.first_version = named.first_version
        """;

    /// <summary>See <see cref="ISharedJournal.FeedEndAsync"/>.</summary>
    public async ValueTask<ulong> EndAsync(CancellationToken cancel) =>
        (await connections.ListAsync(EndSql, row => row.GetFieldValue<ulong>(0), cancel))[0];

    /// <summary>See <see cref="ISharedJournal.FeedAsync"/>.</summary>
    public async ValueTask<FeedPage> PageAsync(ulong after, int limit, CancellationToken cancel)
    {
        var from = new NpgsqlParameter<ulong> { TypedValue = after, NpgsqlDbType = NpgsqlDbType.Xid8 };
        var commits = await connections.ListAsync(
            PageSql, row => (Xid: row.GetFieldValue<ulong>(0), Entities: row.GetFieldValue<string[]>(1), Firsts: row.GetFieldValue<long[]>(2)), cancel, from, Sql.Of((long)limit));
        var appended = new List<AppendedTurns>();
        foreach (var (_, entities, firsts) in commits)
        {
            for (var i = 0; i < entities.Length; i++) appended.Add(new AppendedTurns(EntityId.Parse(entities[i]), firsts[i]));
        }
        return new FeedPage(commits.Count == 0 ? after : commits[^1].Xid + 1, appended);
    }

    /// <summary>See <see cref="ISharedJournal.TurnsAsync"/>.</summary>
    public ValueTask<IReadOnlyList<(EntityId Entity, StoredTurns Turns)>> TurnsAsync(IReadOnlyList<AppendedTurns> named, CancellationToken cancel) =>
        connections.ListAsync(TurnsSql, row => (row.Entity(0), new StoredTurns(row.GetInt64(1), row.GetInt64(2), row.Bytes(3))), cancel,
            Sql.Column(named, n => n.Entity.ToString()), Sql.Column(named, n => n.FirstVersion));

    /// <summary>See <see cref="ISharedJournal.TrimFeedAsync"/>.</summary>
    public async ValueTask TrimAsync(TimeSpan keep, CancellationToken cancel) =>
        await connections.ListAsync(TrimSql + " RETURNING 1", row => row.GetInt32(0), cancel, Sql.Of(keep.TotalSeconds));
}
