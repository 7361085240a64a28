using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Appends turns and puts snapshots.</summary>
internal sealed class TurnWriter(CommitBatch batch)
{
    // The head is looked up in what was committed when the statement began. Somebody who appends to the same head meanwhile has the same first
    // version: the insert waits for them, and writes nothing once they committed. Turns are never deleted, so that is all there is to check.
    private const string Insert =
        """
        INSERT INTO turns (entity, first_version, version, payload)
        SELECT a.entity, a.expected + 1, a.version, a.payload
        FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[]) AS a (entity, expected, version, payload)
        WHERE a.expected = coalesce((SELECT t.version FROM turns t WHERE t.entity = a.entity ORDER BY t.first_version DESC LIMIT 1), 0)
        ON CONFLICT (entity, first_version) DO NOTHING
        RETURNING entity
        """;

    // Not locked: whoever appends after this look decided without us, and a turn that changed nothing comes before theirs.
    private const string StillAt =
        """
        SELECT u.entity
        FROM unnest($1::text[], $2::bigint[]) AS u (entity, version)
        WHERE u.version = coalesce((SELECT t.version FROM turns t WHERE t.entity = u.entity ORDER BY t.first_version DESC LIMIT 1), 0)
        """;

    private const string PutSnapshot =
        """
        INSERT INTO snapshots (entity, version, state)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[])
        ON CONFLICT (entity) DO UPDATE SET version = excluded.version, state = excluded.state
        """;

    private readonly HashSet<EntityId> appended = [];
    private readonly HashSet<EntityId> unchanged = [];

    /// <summary>Appends, and looks at what was left unchanged.</summary>
    public void Check(Script script)
    {
        var left = batch.Unchanged;
        if (left.Count > 0) script.Read(StillAt, row => unchanged.Add(row.Entity(0)), Sql.Column(left, u => u.Entity.ToString()), Sql.Column(left, u => u.Version));
        if (batch.Appends.Count == 0) return;
        // Every writer takes keys in the same order, so that two of them wait for each other only in one direction.
        var rows = batch.Appends.OrderBy(a => a.Entity.ToString(), CodePointOrder.Instance).ToArray();
        script.Read(Insert, row => appended.Add(row.Entity(0)),
            Sql.Column(rows, a => a.Entity.ToString()), Sql.Column(rows, a => a.ExpectedVersion), Sql.Column(rows, a => a.Version), Sql.Column(rows, a => a.Turns));
    }

    /// <summary>Names the appends, and the unchanged, whose expected version is not the stored one.</summary>
    public void Name(Conflicts conflicts)
    {
        foreach (var append in batch.Appends)
        {
            if (!appended.Contains(append.Entity)) conflicts.Add(append.Entity);
        }
        foreach (var left in batch.Unchanged)
        {
            if (!unchanged.Contains(left.Entity)) conflicts.Add(left.Entity);
        }
    }

    /// <summary>Puts snapshots in place of older ones.</summary>
    public void Write(Script script)
    {
        if (batch.Snapshots.Count == 0) return;
        var rows = Fold.Last(batch.Snapshots, s => s.Entity.ToString());
        script.Run(PutSnapshot, Sql.Column(rows, s => s.Entity.ToString()), Sql.Column(rows, s => s.Version), Sql.Column(rows, s => s.State));
    }
}
