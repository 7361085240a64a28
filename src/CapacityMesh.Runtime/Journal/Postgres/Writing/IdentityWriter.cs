using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>Claims and drops identities.</summary>
internal sealed class IdentityWriter(CommitBatch batch)
{
    private const string DropSql =
        """
        DELETE FROM identities i USING unnest($1::text[], $2::text[]) AS d (workspace, contact)
        WHERE i.workspace = d.workspace AND i.contact = d.contact
        """;

    // The update changes nothing: it takes the row's lock and tells whose it is, so that nobody drops it between the look and the commit.
    private const string ClaimSql =
        """
        INSERT INTO identities (workspace, identity, contact) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
        ON CONFLICT (workspace, identity) DO UPDATE SET contact = identities.contact
        RETURNING workspace, identity, contact
        """;

    private readonly Dictionary<(string Workspace, string Identity), string> owners = [];

    /// <summary>
    /// Drops, claims, and drops again: what is dropped is free to claim, and a contact that is forgotten in a batch has nothing after it, in whatever
    /// order its turns stood. Of several claims of one identity the first is tried.
    /// </summary>
    public void Check(Script script)
    {
        Drop(script);
        if (batch.Claims.Count == 0) return;
        var claims = Fold.Last(Enumerable.Reverse(batch.Claims).ToArray(), c => Fold.Key(c.Workspace, c.Identity));
        script.Read(ClaimSql, row => owners[(row.GetString(0), row.GetString(1))] = row.GetString(2),
            Sql.Column(claims, c => c.Workspace), Sql.Column(claims, c => c.Identity), Sql.Column(claims, c => c.Contact));
        Drop(script);
    }

    /// <summary>Names the claims of what another contact has.</summary>
    public void Name(Conflicts conflicts)
    {
        foreach (var claim in batch.Claims)
        {
            if (owners[(claim.Workspace, claim.Identity)] != claim.Contact) conflicts.Add(claim);
        }
    }

    private void Drop(Script script)
    {
        var dropped = batch.ClaimsDropped;
        if (dropped.Count > 0) script.Run(DropSql, Sql.Column(dropped, d => d.Workspace), Sql.Column(dropped, d => d.Contact));
    }
}
