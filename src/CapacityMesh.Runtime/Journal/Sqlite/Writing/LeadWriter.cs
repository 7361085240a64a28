using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Puts rows of the lead index.</summary>
internal sealed class LeadWriter(Database database) : IDisposable
{
    private readonly Statement put = database.Prepare(
        """
        INSERT OR REPLACE INTO leads
            (workspace, lead, state, stage, pool, campaign, contact, person, slot, captured_at, changed_at, closed_at, promise_broken)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """);
    // What is bound as above, for a row whose pool and campaign stay: their indexes are not touched.
    private readonly Statement change = database.Prepare(
        """
        UPDATE leads SET state = ?3, stage = ?4, contact = ?7, person = ?8, slot = ?9, captured_at = ?10, changed_at = ?11, closed_at = ?12, promise_broken = ?13
        WHERE workspace = ?1 AND lead = ?2 AND campaign = ?6 AND pool IS ?5
        """);

    /// <summary>Puts each row in place of the stored one.</summary>
    public void Put(CommitBatch batch)
    {
        var opened = Opened(batch);
        foreach (var lead in batch.Leads)
        {
            // Of what is opened here there is no row to change.
            var isChanged = !opened.Contains((lead.Workspace, lead.LeadId)) && Bind(change, lead).Run() > 0;
            if (!isChanged) Bind(put, lead).Run();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        put.Dispose();
        change.Dispose();
    }

    private static HashSet<(string, string)> Opened(CommitBatch batch) =>
        [.. batch.Appends.Where(a => a.ExpectedVersion == 0 && a.Entity.Kind is EntityKind.Lead).Select(a => (a.Entity.Workspace, a.Entity.Key))];

    private static Statement Bind(Statement statement, LeadRow lead) => statement
        .Bind(1, lead.Workspace).Bind(2, lead.LeadId).Bind(3, lead.State).Bind(4, lead.Stage).Bind(5, lead.Pool).Bind(6, lead.Campaign)
        .Bind(7, lead.Contact).Bind(8, lead.Person).Bind(9, lead.Slot).Bind(10, lead.CapturedAt).Bind(11, lead.ChangedAt)
        .Bind(12, lead.ClosedAt).Bind(13, lead.PromiseBroken ? 1 : 0);
}
