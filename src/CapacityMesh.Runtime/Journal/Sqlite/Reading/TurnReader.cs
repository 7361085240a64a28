using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>Reads turns, snapshots and keys.</summary>
internal sealed class TurnReader(Database database) : IDisposable
{
    // One statement is one snapshot of the file: a commit between snapshot and tail cannot tear them apart.
    private readonly Statement load = database.Prepare(
        """
        SELECT 0 AS part, 0, version, state FROM snapshots WHERE entity = ?1
        UNION ALL
        SELECT 1, first_version, version, payload FROM turns
        WHERE entity = ?1 AND version > ifnull((SELECT version FROM snapshots WHERE entity = ?1), 0)
        ORDER BY 1, 3
        """);
    // Read after the turns: an effect of them that is gone by then had its turn.
    private readonly Statement owed = database.Prepare(
        $"SELECT {OutboxReader.Effect} FROM outbox WHERE source = ?1 AND parked_at IS NULL ORDER BY version, ordinal");
    private readonly Statement history = database.Prepare(
        "SELECT first_version, version, payload FROM turns WHERE entity = ?1 AND version > ?2 ORDER BY version LIMIT ?3");
    // One seek per entity, however many turns it has.
    private readonly Statement keys = database.Prepare(
        """
        WITH RECURSIVE found (entity) AS (
            SELECT (SELECT min(entity) FROM turns WHERE entity > ?1 AND entity < ?2)
            UNION ALL
            SELECT (SELECT min(entity) FROM turns WHERE entity > found.entity AND entity < ?2) FROM found WHERE found.entity IS NOT NULL
        )
        SELECT entity FROM found WHERE entity IS NOT NULL LIMIT ?3
        """);

    /// <summary>See <see cref="IJournal.LoadAsync"/>.</summary>
    public StoredEntity? Load(EntityId entity)
    {
        StoredSnapshot? snapshot = null;
        var tail = new List<StoredTurns>();
        load.Bind(1, entity);
        while (load.Step())
        {
            if (load.Long(0) == 0) snapshot = new StoredSnapshot(entity, load.Long(2), load.Bytes(3));
            else tail.Add(new StoredTurns(load.Long(1), load.Long(2), load.Bytes(3)));
        }
        var version = tail.Count > 0 ? tail[^1].Version : snapshot?.Version ?? 0;
        return version == 0 ? null : new StoredEntity(version, snapshot, tail, OwedBy(entity));
    }

    private List<StoredEffect> OwedBy(EntityId source)
    {
        var effects = new List<StoredEffect>();
        owed.Bind(1, source);
        while (owed.Step()) effects.Add(OutboxReader.EffectOf(owed));
        return effects;
    }

    /// <summary>See <see cref="IJournal.HistoryAsync"/>.</summary>
    public IReadOnlyList<StoredTurns> History(EntityId entity, long afterVersion, int limit)
    {
        var page = new List<StoredTurns>();
        history.Bind(1, entity).Bind(2, afterVersion).Bind(3, limit);
        while (history.Step()) page.Add(new StoredTurns(history.Long(0), history.Long(1), history.Bytes(2)));
        return page;
    }

    /// <summary>See <see cref="IJournal.KeysAsync"/>.</summary>
    public IReadOnlyList<string> Keys(string workspace, EntityKind kind, string? afterKey, int limit)
    {
        var prefix = $"{workspace}/{EntityId.NameOf(kind)}/";
        var page = new List<string>();
        // '0' is the character after '/': above every key of the kind, below every other kind.
        keys.Bind(1, prefix + afterKey).Bind(2, $"{prefix[..^1]}0").Bind(3, limit);
        while (keys.Step()) page.Add(keys.Text(0)[prefix.Length..]);
        return page;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        load.Dispose();
        owed.Dispose();
        history.Dispose();
        keys.Dispose();
    }
}
