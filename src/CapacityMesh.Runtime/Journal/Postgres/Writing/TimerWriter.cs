using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Consumes, clears and sets timers.</summary>
internal sealed class TimerWriter(CommitBatch batch)
{
    private const string ConsumeSql =
        """
        DELETE FROM timers t USING unnest($1::text[], $2::text[], $3::bigint[]) AS c (entity, name, due)
        WHERE t.entity = c.entity AND t.name = c.name AND t.due = c.due
        RETURNING t.entity, t.name, t.due
        """;

    private const string ClearSql =
        "DELETE FROM timers t USING unnest($1::text[], $2::text[]) AS c (entity, name) WHERE t.entity = c.entity AND t.name = c.name";

    private const string SetSql =
        """
        INSERT INTO timers (entity, name, due) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
        ON CONFLICT (entity, name) DO UPDATE SET due = excluded.due WHERE timers.due <> excluded.due
        """;

    private readonly HashSet<StoredTimer> consumed = [];

    /// <summary>Consumes.</summary>
    public void Check(Script script)
    {
        var timers = batch.TimersConsumed;
        if (timers.Count == 0) return;
        script.Read(ConsumeSql, row => consumed.Add(new StoredTimer(row.Entity(0), row.GetString(1), row.Instant(2))),
            Sql.Column(timers, t => t.Entity.ToString()), Sql.Column(timers, t => t.Name), Sql.Column(timers, t => t.Due.UtcTicks));
    }

    /// <summary>Names the timers that were not there with their due time.</summary>
    public void Name(Conflicts conflicts)
    {
        foreach (var timer in batch.TimersConsumed)
        {
            if (!consumed.Remove(timer)) conflicts.Add(timer);
        }
    }

    /// <summary>Clears, then sets.</summary>
    public void Write(Script script)
    {
        var cleared = batch.TimersCleared;
        if (cleared.Count > 0) script.Run(ClearSql, Sql.Column(cleared, t => t.Entity.ToString()), Sql.Column(cleared, t => t.Name));
        if (batch.TimersSet.Count == 0) return;
        var set = Fold.Last(batch.TimersSet, t => Fold.Key(t.Entity.ToString(), t.Name));
        script.Run(SetSql, Sql.Column(set, t => t.Entity.ToString()), Sql.Column(set, t => t.Name), Sql.Column(set, t => t.Due.UtcTicks));
    }
}
