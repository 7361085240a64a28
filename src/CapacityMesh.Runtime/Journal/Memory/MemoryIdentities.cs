namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Identities and the contacts that claimed them.</summary>
internal sealed class MemoryIdentities
{
    private readonly Dictionary<(string Workspace, string Identity), string> contacts = [];
    private readonly Dictionary<(string Workspace, string Contact), HashSet<string>> identities = [];
    private readonly Dictionary<(string Workspace, string Identity), string> claimed = [];

    /// <summary>Names claims of what another contact has: stored, or claimed earlier in the batch. What the batch drops is free to claim.</summary>
    public void Check(CommitBatch batch, Conflicts conflicts)
    {
        claimed.Clear();
        foreach (var claim in batch.Claims)
        {
            var id = (claim.Workspace, claim.Identity);
            if (!claimed.TryGetValue(id, out var owner) && contacts.TryGetValue(id, out owner) && batch.ClaimsDropped.Contains((claim.Workspace, owner))) owner = null;
            if (owner is not null && owner != claim.Contact) conflicts.Add(claim);
            else claimed[id] = claim.Contact;
        }
    }

    /// <summary>Drops, claims, and drops again: a contact that is forgotten in a batch has nothing after it, in whatever order its turns stood.</summary>
    public void Apply(CommitBatch batch)
    {
        Drop(batch);
        foreach (var claim in batch.Claims)
        {
            contacts[(claim.Workspace, claim.Identity)] = claim.Contact;
            if (!identities.TryGetValue((claim.Workspace, claim.Contact), out var held)) identities.Add((claim.Workspace, claim.Contact), held = []);
            held.Add(claim.Identity);
        }
        Drop(batch);
    }

    /// <summary>See <see cref="IJournal.IdentityAsync"/>.</summary>
    public string? Find(string workspace, string identity) => contacts.GetValueOrDefault((workspace, identity));

    private void Drop(CommitBatch batch)
    {
        foreach (var dropped in batch.ClaimsDropped)
        {
            if (!identities.Remove(dropped, out var held)) continue;
            foreach (var identity in held) contacts.Remove((dropped.Workspace, identity));
        }
    }
}
