using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Consumes, adds and parks effects.</summary>
internal sealed class OutboxWriter(Database database) : IDisposable
{
    // Sequences are handed out from memory and reserved in blocks, so that they never fall and cost one extra row in ten thousand.
    private const long Block = 10_000;

    private readonly Statement consume = database.Prepare("DELETE FROM outbox WHERE source = ?1 AND version = ?2 AND ordinal = ?3");
    private readonly Statement replace = database.Prepare("DELETE FROM outbox WHERE source = ?1 AND target = ?2 AND report = 1");
    private readonly Statement insert = database.Prepare(
        "INSERT INTO outbox (sequence, source, version, ordinal, target, report, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    private readonly Statement reserve = database.Prepare("INSERT OR REPLACE INTO marks (name, value) VALUES ('outbox', ?1)");
    private readonly Statement park = database.Prepare(
        "UPDATE outbox SET parked_reason = ?4, parked_at = ?5 WHERE source = ?1 AND version = ?2 AND ordinal = ?3");
    private long last = database.Number("SELECT value FROM marks WHERE name = 'outbox'");
    private long reserved = database.Number("SELECT value FROM marks WHERE name = 'outbox'");

    /// <summary>Consumes; names the effects that are not there.</summary>
    public void Consume(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var effect in batch.EffectsConsumed)
        {
            if (consume.Bind(1, effect.Source).Bind(2, effect.Version).Bind(3, effect.Ordinal).Run() == 0) conflicts.Add(effect);
        }
        foreach (var report in batch.ReportsConsumed) consume.Bind(1, report.Source).Bind(2, report.Version).Bind(3, report.Ordinal).Run();
    }

    /// <summary>Adds effects in their order; a report takes the place of its earlier one.</summary>
    public void Add(CommitBatch batch)
    {
        foreach (var effect in batch.EffectsAdded)
        {
            if (effect.IsReport) replace.Bind(1, effect.Id.Source).Bind(2, effect.Target).Run();
            insert.Bind(1, NextSequence()).Bind(2, effect.Id.Source).Bind(3, effect.Id.Version).Bind(4, effect.Id.Ordinal)
                .Bind(5, effect.Target).Bind(6, effect.IsReport ? 1 : 0).Bind(7, effect.Payload).Run();
        }
    }

    /// <summary>Parks; false when the effect is not there.</summary>
    public bool Park(EffectId effect, string reason, DateTimeOffset at) =>
        park.Bind(1, effect.Source).Bind(2, effect.Version).Bind(3, effect.Ordinal).Bind(4, reason).Bind(5, at).Run() > 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        consume.Dispose();
        replace.Dispose();
        insert.Dispose();
        reserve.Dispose();
        park.Dispose();
    }

    private long NextSequence()
    {
        if (last == reserved)
        {
            reserved += Block;
            reserve.Bind(1, reserved).Run();
        }
        return ++last;
    }
}
