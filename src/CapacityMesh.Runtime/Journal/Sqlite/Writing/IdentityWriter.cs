using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Claims and drops identities.</summary>
internal sealed class IdentityWriter(Database database, KnownIdentities known) : IDisposable
{
    private readonly Statement claim = database.Prepare("INSERT INTO identities (workspace, identity, contact) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    private readonly Statement isOwn = database.Prepare("SELECT 1 FROM identities WHERE workspace = ?1 AND identity = ?2 AND contact = ?3");
    private readonly Statement drop = database.Prepare("DELETE FROM identities WHERE workspace = ?1 AND contact = ?2");

    /// <summary>
    /// Drops, claims, and drops again: what is dropped is free to claim, and a contact that is forgotten in a batch has nothing after it, in whatever
    /// order its turns stood. Names the claims of what another contact has.
    /// </summary>
    public void Write(CommitBatch batch, Conflicts conflicts)
    {
        Drop(batch);
        foreach (var claimed in batch.Claims)
        {
            known.Add(claimed.Workspace, claimed.Identity);
            var written = claim.Bind(1, claimed.Workspace).Bind(2, claimed.Identity).Bind(3, claimed.Contact).Run();
            if (written == 0 && !IsOwn(claimed)) conflicts.Add(claimed);
        }
        if (batch.Claims.Count > 0) Drop(batch);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        claim.Dispose();
        isOwn.Dispose();
        drop.Dispose();
    }

    private void Drop(CommitBatch batch)
    {
        foreach (var (workspace, contact) in batch.ClaimsDropped) drop.Bind(1, workspace).Bind(2, contact).Run();
    }

    private bool IsOwn(IdentityClaim claimed)
    {
        var own = isOwn.Bind(1, claimed.Workspace).Bind(2, claimed.Identity).Bind(3, claimed.Contact).Step();
        isOwn.Reset();
        return own;
    }
}
