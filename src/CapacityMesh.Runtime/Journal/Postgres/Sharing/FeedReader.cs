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

    // One statement is one snapshot: what is below its oldest running transaction is there in full, the turns included.
    private const string PageSql =
        """
        SELECT page.xid, t.entity, t.first_version, t.version, t.payload
        FROM (SELECT xid, entities, first_versions FROM feed
              WHERE xid >= $1 AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid LIMIT $2) AS page
        CROSS JOIN LATERAL unnest(page.entities, page.first_versions) WITH ORDINALITY AS named (entity, first_version, place)
        JOIN turns t ON t.entity = named.entity COLLATE "C" AND t.first_version = named.first_version
        ORDER BY page.xid, named.place
        """;

    /// <summary>See <see cref="ISharedJournal.FeedEndAsync"/>.</summary>
    public async ValueTask<ulong> EndAsync(CancellationToken cancel) =>
        (await connections.ListAsync(EndSql, row => row.GetFieldValue<ulong>(0), cancel))[0];

    /// <summary>See <see cref="ISharedJournal.FeedAsync"/>.</summary>
    public async ValueTask<FeedPage> PageAsync(ulong after, int limit, CancellationToken cancel)
    {
        var from = new NpgsqlParameter<ulong> { TypedValue = after, NpgsqlDbType = NpgsqlDbType.Xid8 };
        var end = after;
        var turns = await connections.ListAsync<(EntityId, StoredTurns)>(PageSql, row =>
        {
            end = row.GetFieldValue<ulong>(0) + 1;
            return (row.Entity(1), new StoredTurns(row.GetInt64(2), row.GetInt64(3), row.Bytes(4)));
        }, cancel, from, Sql.Of((long)limit));
        return new FeedPage(end, turns);
    }

    /// <summary>See <see cref="ISharedJournal.TrimFeedAsync"/>.</summary>
    public async ValueTask TrimAsync(TimeSpan keep, CancellationToken cancel) =>
        await connections.ListAsync(TrimSql + " RETURNING 1", row => row.GetInt32(0), cancel, Sql.Of(keep.TotalSeconds));
}
