using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>Reads what is owed: effects and timers.</summary>
internal sealed class OutboxReader(Database database) : IDisposable
{
    /// <summary>The columns of <see cref="EffectOf"/>.</summary>
    public const string Effect = "sequence, source, version, ordinal, target, report, payload";

    private readonly Statement waiting = database.Prepare(
        $"SELECT {Effect} FROM outbox WHERE sequence > ?1 AND parked_at IS NULL ORDER BY sequence LIMIT ?2");
    private readonly Statement parked = database.Prepare(
        $"SELECT {Effect}, parked_reason, parked_at FROM outbox WHERE parked_at IS NOT NULL ORDER BY sequence LIMIT ?1");
    private readonly Statement timers = database.Prepare("SELECT entity, name, due FROM timers WHERE due <= ?1 ORDER BY due, entity, name LIMIT ?2");

    /// <summary>See <see cref="IJournal.OutboxAsync"/>.</summary>
    public IReadOnlyList<StoredEffect> Waiting(long afterSequence, int limit)
    {
        var page = new List<StoredEffect>();
        waiting.Bind(1, afterSequence).Bind(2, limit);
        while (waiting.Step()) page.Add(EffectOf(waiting));
        return page;
    }

    /// <summary>See <see cref="IJournal.ParkedAsync"/>.</summary>
    public IReadOnlyList<ParkedEffect> Parked(int limit)
    {
        var page = new List<ParkedEffect>();
        parked.Bind(1, limit);
        while (parked.Step()) page.Add(new ParkedEffect(EffectOf(parked), parked.Text(7), parked.Instant(8)));
        return page;
    }

    /// <summary>See <see cref="IJournal.TimersAsync"/>.</summary>
    public IReadOnlyList<StoredTimer> Timers(DateTimeOffset dueBy, int limit)
    {
        var page = new List<StoredTimer>();
        timers.Bind(1, dueBy).Bind(2, limit);
        while (timers.Step()) page.Add(new StoredTimer(timers.Entity(0), timers.Text(1), timers.Instant(2)));
        return page;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        waiting.Dispose();
        parked.Dispose();
        timers.Dispose();
    }

    /// <summary>An effect from its columns.</summary>
    public static StoredEffect EffectOf(Statement row) =>
        new(row.Long(0), new EffectId(row.Entity(1), row.Long(2), (int)row.Long(3)), row.Entity(4), row.Long(5) == 1, row.Bytes(6));
}
