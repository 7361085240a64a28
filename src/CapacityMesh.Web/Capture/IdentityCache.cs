namespace CapacityMesh.Web.Capture;

/// <summary>
/// Which contact an identity belongs to, as far as this process knows: what was read, and what requests on their way are about to claim, so that
/// two posts of one person at one instant make one contact. Two generations bound it: what was not asked for in a while is forgotten.
/// </summary>
internal sealed class IdentityCache
{
    private const int GenerationMax = 50_000;
    private readonly Lock turn = new();
    private Dictionary<(string Workspace, string Identity), Owner> young = [];
    private Dictionary<(string Workspace, string Identity), Owner> old = [];

    /// <summary>Whose identity it is; claimed once the journal says so too.</summary>
    public readonly record struct Owner(string Contact, bool Claimed);

    /// <summary>What is known of an identity.</summary>
    public Owner? Find(string workspace, string identity)
    {
        lock (turn) return FindUnderLock((workspace, identity));
    }

    /// <summary>Notes an owner, unless there is one; whoever owns the first of the identities afterwards.</summary>
    public string Hold(string workspace, IReadOnlyList<string> identities, string contact)
    {
        lock (turn)
        {
            foreach (var identity in identities)
            {
                if (FindUnderLock((workspace, identity)) is { } owner)
                {
                    contact = owner.Contact;
                    break;
                }
            }
            foreach (var identity in identities)
            {
                if (FindUnderLock((workspace, identity)) is null) Put((workspace, identity), new Owner(contact, Claimed: false));
            }
            return contact;
        }
    }

    /// <summary>The journal says so.</summary>
    public void Confirm(string workspace, string identity, string contact)
    {
        lock (turn) Put((workspace, identity), new Owner(contact, Claimed: true));
    }

    /// <summary>Not known any more.</summary>
    public void Forget(string workspace, IReadOnlyList<string> identities)
    {
        lock (turn)
        {
            foreach (var identity in identities)
            {
                young.Remove((workspace, identity));
                old.Remove((workspace, identity));
            }
        }
    }

    /// <summary>Everything of one contact is not known any more. Rare: it looks at every entry.</summary>
    public void ForgetContact(string workspace, string contact)
    {
        lock (turn)
        {
            foreach (var generation in new[] { young, old })
            {
                var gone = generation.Where(e => e.Key.Workspace == workspace && e.Value.Contact == contact).Select(e => e.Key).ToArray();
                foreach (var key in gone) generation.Remove(key);
            }
        }
    }

    private Owner? FindUnderLock((string, string) key)
    {
        if (young.TryGetValue(key, out var owner)) return owner;
        if (!old.Remove(key, out owner)) return null;
        Put(key, owner);
        return owner;
    }

    private void Put((string, string) key, Owner owner)
    {
        if (young.Count >= GenerationMax) (old, young) = (young, []);
        young[key] = owner;
    }
}
