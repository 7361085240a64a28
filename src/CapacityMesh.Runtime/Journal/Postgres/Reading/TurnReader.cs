using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>Reads turns, snapshots and keys.</summary>
internal sealed class TurnReader(Connections connections)
{
    // One statement is one snapshot of the database: a commit between snapshot and tail cannot tear them apart.
    private const string LoadSql =
        """
        SELECT 0 AS part, 0::bigint, version, state FROM snapshots WHERE entity = $1
        UNION ALL
        SELECT 1, first_version, version, payload FROM turns
        WHERE entity = $1 AND first_version > coalesce((SELECT version FROM snapshots WHERE entity = $1), 0)
        ORDER BY 1, 3
        """;

    // Read after the turns, in the same trip: an effect of them that is gone by then had its turn.
    private const string OwedSql = $"SELECT {OutboxReader.Effect} FROM outbox WHERE source = $1 AND parked_at IS NULL ORDER BY version, ordinal";

    // Turns are found by their first version, so the way begins at the last ones that start at or below the given version: they may end above it.
    private const string HistorySql =
        """
        SELECT first_version, version, payload FROM turns
        WHERE entity = $1 AND version > $2
            AND first_version >= coalesce((SELECT t.first_version FROM turns t WHERE t.entity = $1 AND t.first_version <= $2 ORDER BY t.first_version DESC LIMIT 1), 0)
        ORDER BY first_version LIMIT $3
        """;

    // One seek per entity, however many turns it has.
    private const string KeysSql =
        """
        WITH RECURSIVE found AS (
            (SELECT entity FROM turns WHERE entity > $1 AND entity < $2 ORDER BY entity LIMIT 1)
            UNION ALL
            SELECT (SELECT t.entity FROM turns t WHERE t.entity > found.entity AND t.entity < $2 ORDER BY t.entity LIMIT 1)
            FROM found WHERE found.entity IS NOT NULL
        )
        SELECT entity FROM found WHERE entity IS NOT NULL LIMIT $3
        """;

    /// <summary>See <see cref="IJournal.LoadAsync"/>.</summary>
    public async ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel)
    {
        StoredSnapshot? snapshot = null;
        var tail = new List<StoredTurns>();
        var owed = new List<StoredEffect>();
        await connections.RunAsync((connection, token) =>
        {
            snapshot = null;
            tail.Clear();
            owed.Clear();
            return new Script(connection)
                .Read(LoadSql, row =>
                {
                    if (row.GetInt32(0) == 0) snapshot = new StoredSnapshot(entity, row.GetInt64(2), row.Bytes(3));
                    else tail.Add(new StoredTurns(row.GetInt64(1), row.GetInt64(2), row.Bytes(3)));
                }, Sql.Of(entity.ToString()))
                .Read(OwedSql, row => owed.Add(OutboxReader.EffectOf(row)), Sql.Of(entity.ToString()))
                .ExecuteAsync(token);
        }, cancel);
        var version = tail.Count > 0 ? tail[^1].Version : snapshot?.Version ?? 0;
        return version == 0 ? null : new StoredEntity(version, snapshot, tail, owed);
    }

    /// <summary>See <see cref="IJournal.HistoryAsync"/>.</summary>
    public ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
        connections.ListAsync(HistorySql, row => new StoredTurns(row.GetInt64(0), row.GetInt64(1), row.Bytes(2)), cancel,
            Sql.Of(entity.ToString()), Sql.Of(afterVersion), Sql.Of((long)limit));

    /// <summary>See <see cref="IJournal.KeysAsync"/>.</summary>
    public ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel)
    {
        var prefix = $"{workspace}/{EntityId.NameOf(kind)}/";
        // '0' is the character after '/': above every key of the kind, below every other kind.
        return connections.ListAsync(KeysSql, row => row.GetString(0)[prefix.Length..], cancel, Sql.Of(prefix + afterKey), Sql.Of($"{prefix[..^1]}0"), Sql.Of((long)limit));
    }
}
