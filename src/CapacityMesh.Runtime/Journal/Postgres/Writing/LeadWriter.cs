using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Puts rows of the lead index.</summary>
internal sealed class LeadWriter(CommitBatch batch)
{
    private const string PutSql =
        """
        INSERT INTO leads (workspace, lead, state, stage, pool, campaign, contact, person, slot, captured_at, changed_at, closed_at, promise_broken)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::bigint[], $11::bigint[], $12::bigint[], $13::boolean[])
        ON CONFLICT (workspace, lead) DO UPDATE SET state = excluded.state, stage = excluded.stage, pool = excluded.pool, campaign = excluded.campaign,
            contact = excluded.contact, person = excluded.person, slot = excluded.slot, captured_at = excluded.captured_at,
            changed_at = excluded.changed_at, closed_at = excluded.closed_at, promise_broken = excluded.promise_broken
        """;

    /// <summary>Puts each row in place of the stored one.</summary>
    public void Write(Script script)
    {
        if (batch.Leads.Count == 0) return;
        var leads = Fold.Last(batch.Leads, l => Fold.Key(l.Workspace, l.LeadId));
        script.Run(PutSql,
            Sql.Column(leads, l => l.Workspace), Sql.Column(leads, l => l.LeadId), Sql.Column(leads, l => l.State), Sql.Column(leads, l => l.Stage),
            Sql.Column(leads, l => l.Pool), Sql.Column(leads, l => l.Campaign), Sql.Column(leads, l => l.Contact), Sql.Column(leads, l => l.Person),
            Sql.Column(leads, l => l.Slot), Sql.Column(leads, l => l.CapturedAt.UtcTicks), Sql.Column(leads, l => l.ChangedAt.UtcTicks),
            Sql.Column(leads, l => l.ClosedAt?.UtcTicks), Sql.Column(leads, l => l.PromiseBroken));
    }
}
