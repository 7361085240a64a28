namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>
/// Says of most new identities that nobody claims them, without a look at the file: under load a look costs as much as a turn, since each commit makes what a
/// reader keeps in memory out of date. A set of 32-bit hashes, 16 to 32 bytes each: of two million, one new identity in two thousand is looked up in vain.
/// This process holds the folder alone, so nobody else claims. What was dropped stays: that, too, costs a look and nothing else.
/// </summary>
internal sealed class KnownIdentities
{
    private readonly Lock gate = new();
    private readonly HashSet<int> hashes = [];
    private bool isWhole;

    /// <summary>Adds an identity, before its claim can be seen.</summary>
    public void Add(string workspace, string identity)
    {
        lock (gate) hashes.Add(HashCode.Combine(workspace, identity));
    }

    /// <summary>All that the file held when this began has been added.</summary>
    public void Complete()
    {
        lock (gate) isWhole = true;
    }

    /// <summary>False when nobody can have claimed it.</summary>
    public bool MayBeClaimed(string workspace, string identity)
    {
        lock (gate) return !isWhole || hashes.Contains(HashCode.Combine(workspace, identity));
    }
}
