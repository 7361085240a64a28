using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Consumes and adds effects.</summary>
internal sealed class OutboxWriter(CommitBatch batch)
{
    private const string ConsumeSql =
        """
        DELETE FROM outbox o USING unnest($1::text[], $2::bigint[], $3::integer[]) AS c (source, version, ordinal)
        WHERE o.source = c.source AND o.version = c.version AND o.ordinal = c.ordinal
        RETURNING o.source, o.version, o.ordinal
        """;

    private const string ReplaceSql =
        """
        DELETE FROM outbox o USING unnest($1::text[], $2::text[]) AS r (source, target)
        WHERE o.source = r.source AND o.target = r.target AND o.report
        """;

    // Sequences are drawn after the sort: they rise in the order of the batch.
    private const string AddSql =
        """
        INSERT INTO outbox (source, version, ordinal, target, report, payload)
        SELECT a.source, a.version, a.ordinal, a.target, a.report, a.payload
        FROM unnest($1::text[], $2::bigint[], $3::integer[], $4::text[], $5::boolean[], $6::bytea[])
            WITH ORDINALITY AS a (source, version, ordinal, target, report, payload, place)
        ORDER BY a.place
        """;

    private readonly HashSet<EffectId> consumed = [];

    /// <summary>Consumes.</summary>
    public void Check(Script script)
    {
        if (batch.EffectsConsumed.Count + batch.ReportsConsumed.Count == 0) return;
        List<EffectId> effects = [.. batch.EffectsConsumed, .. batch.ReportsConsumed];
        script.Read(ConsumeSql, row => consumed.Add(new EffectId(row.Entity(0), row.GetInt64(1), row.GetInt32(2))),
            Sql.Column(effects, e => e.Source.ToString()), Sql.Column(effects, e => e.Version), Sql.Column(effects, e => e.Ordinal));
    }

    /// <summary>Names the effects that were not there; one that the batch consumes twice is not there the second time.</summary>
    public void Name(Conflicts conflicts)
    {
        foreach (var effect in batch.EffectsConsumed)
        {
            if (!consumed.Remove(effect)) conflicts.Add(effect);
        }
    }

    /// <summary>Adds effects in their order; a report takes the place of its earlier one, stored or of this batch.</summary>
    public void Write(Script script)
    {
        if (batch.EffectsAdded.Count == 0) return;
        var added = WithoutReplaced(batch.EffectsAdded);
        var reports = added.Where(e => e.IsReport).ToArray();
        if (reports.Length > 0) script.Run(ReplaceSql, Sql.Column(reports, e => e.Id.Source.ToString()), Sql.Column(reports, e => e.Target.ToString()));
        script.Run(AddSql,
            Sql.Column(added, e => e.Id.Source.ToString()), Sql.Column(added, e => e.Id.Version), Sql.Column(added, e => e.Id.Ordinal),
            Sql.Column(added, e => e.Target.ToString()), Sql.Column(added, e => e.IsReport), Sql.Column(added, e => e.Payload));
    }

    private static List<StoredEffect> WithoutReplaced(List<StoredEffect> effects)
    {
        var reported = new HashSet<(EntityId Source, EntityId Target)>();
        var kept = new List<StoredEffect>(effects.Count);
        for (var i = effects.Count - 1; i >= 0; i--)
        {
            if (!effects[i].IsReport || reported.Add((effects[i].Id.Source, effects[i].Target))) kept.Add(effects[i]);
        }
        kept.Reverse();
        return kept;
    }
}
