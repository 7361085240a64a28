using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Claims and drops identities.</summary>
internal sealed class IdentityWriter(Database database, ClaimIndex index) : IDisposable
{
    private readonly Statement all = database.Prepare("SELECT number, workspace, identity FROM claims");
    private readonly Statement owner = database.Prepare("SELECT contact FROM claims WHERE number = ?1 AND workspace = ?2 AND identity = ?3");
    private readonly Statement claim = database.Prepare("INSERT INTO claims (number, workspace, identity, contact) VALUES (?1, ?2, ?3, ?4)");
    private readonly Statement drop = database.Prepare("DELETE FROM claims WHERE workspace = ?1 AND contact = ?2");

    /// <summary>Makes the index whole, once.</summary>
    public void Learn()
    {
        if (!index.IsWhole) index.Learn(Stored());
    }

    /// <summary>
    /// Drops, claims, and drops again: what is dropped is free to claim, and a contact that is forgotten in a batch has nothing after it, in whatever
    /// order its turns stood. Names the claims of what another contact has.
    /// </summary>
    public void Write(CommitBatch batch, Conflicts conflicts)
    {
        Drop(batch);
        if (batch.Claims.Count == 0) return;
        Learn();
        foreach (var claimed in batch.Claims)
        {
            if (OwnerOf(claimed) is not { } contact)
            {
                claim.Bind(1, index.Add(claimed.Workspace, claimed.Identity)).Bind(2, claimed.Workspace).Bind(3, claimed.Identity).Bind(4, claimed.Contact).Run();
            }
            else if (contact != claimed.Contact)
            {
                conflicts.Add(claimed);
            }
        }
        Drop(batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.Dispose();
        owner.Dispose();
        claim.Dispose();
        drop.Dispose();
    }

    private IEnumerable<(uint, string, string)> Stored()
    {
        while (all.Step()) yield return ((uint)all.Long(0), all.Text(1), all.Text(2));
    }

    private void Drop(CommitBatch batch)
    {
        foreach (var (workspace, contact) in batch.ClaimsDropped) drop.Bind(1, workspace).Bind(2, contact).Run();
    }

    private string? OwnerOf(IdentityClaim claimed)
    {
        foreach (var number in index.Find(claimed.Workspace, claimed.Identity))
        {
            if (!owner.Bind(1, number).Bind(2, claimed.Workspace).Bind(3, claimed.Identity).Step()) continue;
            var contact = owner.Text(0);
            owner.Reset();
            return contact;
        }
        return null;
    }
}
