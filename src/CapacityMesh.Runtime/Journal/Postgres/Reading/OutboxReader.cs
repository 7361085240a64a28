using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>Reads what is owed: effects and timers.</summary>
internal sealed class OutboxReader(Connections connections, string schema)
{
    /// <summary>The columns of <see cref="EffectOf"/>.</summary>
    public const string Effect = "sequence, source, version, ordinal, target, report, payload";
    private const string WaitingSql = $"SELECT {Effect} FROM outbox WHERE sequence > $1 AND parked_at IS NULL ORDER BY sequence LIMIT $2";
    private const string ParkedSql = $"SELECT {Effect}, parked_reason, parked_at FROM outbox WHERE parked_at IS NOT NULL ORDER BY sequence LIMIT $1";
    private const string TimersSql = "SELECT entity, name, due FROM timers WHERE due <= $1 ORDER BY due, entity, name LIMIT $2";

    private readonly long outboxLock = LockKey.Of("outbox", schema);

    /// <summary>
    /// See <see cref="IJournal.OutboxAsync"/>. Writers draw sequences before they commit, so a page could show 12 while 11 is still under way, and its
    /// reader, who goes on after 12, would never see 11. Every commit therefore holds the outbox's lock with the others; this takes it alone,
    /// which waits for the commits under way and holds new ones off while it reads: nothing below the page's last sequence comes later. Reads are
    /// rare (at the start, and after a conflict or a fault); what follows the table all the time goes by <c>xid</c> instead.
    /// </summary>
    public async ValueTask<IReadOnlyList<StoredEffect>> WaitingAsync(long afterSequence, int limit, CancellationToken cancel)
    {
        var page = new List<StoredEffect>();
        await connections.RunAsync((connection, token) =>
        {
            page.Clear();
            // One script outside a transaction is one of its own; the second statement sees what is committed once the first has the lock.
            return new Script(connection)
                .Run("SELECT pg_advisory_xact_lock($1)", Sql.Of(outboxLock))
                .Read(WaitingSql, row => page.Add(EffectOf(row)), Sql.Of(afterSequence), Sql.Of((long)limit))
                .ExecuteAsync(token);
        }, cancel);
        return page;
    }

    /// <summary>See <see cref="IJournal.ParkedAsync"/>.</summary>
    public ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel) =>
        connections.ListAsync(ParkedSql, row => new ParkedEffect(EffectOf(row), row.GetString(7), row.Instant(8)), cancel, Sql.Of((long)limit));

    /// <summary>See <see cref="IJournal.TimersAsync"/>.</summary>
    public ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel) =>
        connections.ListAsync(TimersSql, row => new StoredTimer(row.Entity(0), row.GetString(1), row.Instant(2)), cancel, Sql.Of(dueBy.UtcTicks), Sql.Of((long)limit));

    /// <summary>An effect from its columns.</summary>
    public static StoredEffect EffectOf(NpgsqlDataReader row) =>
        new(row.GetInt64(0), new EffectId(row.Entity(1), row.GetInt64(2), row.GetInt32(3)), row.Entity(4), row.GetBoolean(5), row.Bytes(6));
}
