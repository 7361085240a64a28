using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;
using CapacityMesh.Runtime.Journal.Postgres.Reading;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>Reads what is owed and due by parts, for those who share the work.</summary>
internal sealed class SharedReader(Connections connections)
{
    private const string OwedSql = $"SELECT {OutboxReader.Effect} FROM outbox WHERE source = $1 AND parked_at IS NULL ORDER BY version, ordinal LIMIT $2";
    private const string NewestSql = "SELECT coalesce(max(sequence), 0) FROM outbox";
    // The server's own hash, the same for all: only members compare it, and only with each other.
    private const string DebtorsSql =
        "SELECT DISTINCT source FROM outbox WHERE sequence <= $3 AND parked_at IS NULL AND mod(hashtextextended(source, 0) & 1048575, $2) = $1 LIMIT $4";
    private const string DueSql =
        "SELECT entity, name, due FROM timers WHERE due <= $3 AND mod(hashtextextended(entity, 0) & 1048575, $2) = $1 ORDER BY due, entity, name LIMIT $4";

    /// <summary>See <see cref="ISharedJournal.OwedByAsync"/>.</summary>
    public ValueTask<IReadOnlyList<StoredEffect>> OwedByAsync(EntityId source, int limit, CancellationToken cancel) =>
        connections.ListAsync(OwedSql, OutboxReader.EffectOf, cancel, Sql.Of(source.ToString()), Sql.Of((long)limit));

    /// <summary>See <see cref="ISharedJournal.DebtorsAsync"/>.</summary>
    public async ValueTask<(IReadOnlyList<EntityId> Sources, long Newest)> DebtorsAsync(Shard shard, long upToSequence, int limit, CancellationToken cancel)
    {
        var sources = new List<EntityId>();
        var newest = 0L;
        await connections.RunAsync((connection, token) =>
        {
            sources.Clear();
            return new Script(connection)
                .Read(NewestSql, row => newest = row.GetInt64(0))
                .Read(DebtorsSql, row => sources.Add(row.Entity(0)), Sql.Of((long)shard.Index), Sql.Of((long)shard.Count), Sql.Of(upToSequence), Sql.Of((long)limit))
                .ExecuteAsync(token);
        }, cancel);
        return (sources, newest);
    }

    /// <summary>See <see cref="ISharedJournal.DueAsync"/>.</summary>
    public ValueTask<IReadOnlyList<StoredTimer>> DueAsync(Shard shard, DateTimeOffset dueBy, int limit, CancellationToken cancel) =>
        connections.ListAsync(DueSql, row => new StoredTimer(row.Entity(0), row.GetString(1), row.Instant(2)), cancel,
            Sql.Of((long)shard.Index), Sql.Of((long)shard.Count), Sql.Of(dueBy.UtcTicks), Sql.Of((long)limit));
}
