using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Web.Capture;

/// <summary>A contact, and what a turn of it must claim.</summary>
internal sealed record Resolution(string Contact, bool IsNew, IReadOnlyList<IdentityClaim> Claims);

/// <summary>Finds the contact behind identities, e-mail before phone, or names a new one.</summary>
internal sealed class ContactResolver(IMesh mesh, IdentityCache cache, TimeOrderedIds ids)
{
    public async ValueTask<Resolution> ResolveAsync(string workspace, string[] identities, CancellationToken cancel)
    {
        foreach (var identity in identities)
        {
            if (cache.Find(workspace, identity) is not null) continue;
            if (await mesh.Journal.IdentityAsync(workspace, identity, cancel) is { } stored) cache.Confirm(workspace, identity, stored);
        }
        var fresh = ids.Next(mesh.Now);
        var contact = cache.Hold(workspace, identities, fresh);
        List<IdentityClaim>? claims = null;
        foreach (var identity in identities)
        {
            // Somebody else's phone stays theirs; what another request is about to claim for this contact is claimed here too, in case that one fails.
            if (cache.Find(workspace, identity) is { Claimed: false } owner && owner.Contact == contact) (claims ??= []).Add(new IdentityClaim(workspace, identity, contact));
        }
        return new Resolution(contact, contact == fresh, claims ?? (IReadOnlyList<IdentityClaim>)[]);
    }

    /// <summary>The claims are durable.</summary>
    public void Confirm(Resolution resolution)
    {
        foreach (var claim in resolution.Claims) cache.Confirm(claim.Workspace, claim.Identity, claim.Contact);
    }

    /// <summary>What was known is not so: look again.</summary>
    public void Forget(string workspace, string[] identities) => cache.Forget(workspace, identities);
}
