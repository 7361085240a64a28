using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Appends turns and puts snapshots.</summary>
internal sealed class TurnWriter(Database database) : IDisposable
{
    private readonly Statement head = database.Prepare("SELECT version FROM turns WHERE entity = ?1 ORDER BY version DESC LIMIT 1");
    private readonly Statement insert = database.Prepare("INSERT INTO turns (entity, version, first_version, payload) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement snapshot = database.Prepare("INSERT OR REPLACE INTO snapshots (entity, version, state) VALUES (?1, ?2, ?3)");

    /// <summary>Appends; names the appends, and the unchanged, whose expected version is not the stored one.</summary>
    public void Append(CommitBatch batch, Conflicts conflicts)
    {
        foreach (var append in batch.Appends)
        {
            // The page that the look-up finds is the page that the row goes to.
            if (HeadOf(append.Entity) != append.ExpectedVersion) conflicts.Add(append.Entity);
            else if (!conflicts.Any)
            {
                insert.Bind(1, append.Entity).Bind(2, append.Version).Bind(3, append.ExpectedVersion + 1).Bind(4, append.Turns).Run();
            }
        }
        foreach (var unchanged in batch.Unchanged)
        {
            if (HeadOf(unchanged.Entity) != unchanged.Version) conflicts.Add(unchanged.Entity);
        }
    }

    /// <summary>Puts snapshots in place of older ones.</summary>
    public void PutSnapshots(CommitBatch batch)
    {
        foreach (var stored in batch.Snapshots) snapshot.Bind(1, stored.Entity).Bind(2, stored.Version).Bind(3, stored.State).Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        head.Dispose();
        insert.Dispose();
        snapshot.Dispose();
    }

    private long HeadOf(EntityId entity)
    {
        if (!head.Bind(1, entity).Step()) return 0;
        var version = head.Long(0);
        head.Reset();
        return version;
    }
}
