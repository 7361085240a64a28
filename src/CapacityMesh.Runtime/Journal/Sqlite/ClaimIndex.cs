namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>
/// Where in the file each identity's claim stands: claims are appended there, and found from here. A number for each 32-bit hash, 20 to 40 bytes a claim;
/// hashes that meet stand one after the other. This process holds the folder alone, so nobody else claims. What was dropped stays: that costs a look that
/// finds nothing.
/// </summary>
internal sealed class ClaimIndex
{
    private readonly Lock gate = new();
    private readonly Dictionary<uint, uint> numbers = [];
    private uint last;
    private volatile bool isWhole;

    /// <summary>All that the file holds is known.</summary>
    public bool IsWhole => isWhole;

    /// <summary>Learns all claims of the file. Until then nothing is found or added.</summary>
    public void Learn(IEnumerable<(uint Number, string Workspace, string Identity)> stored)
    {
        lock (gate)
        {
            numbers.Clear();
            foreach (var (number, workspace, identity) in stored)
            {
                Put(workspace, identity, number);
                last = Math.Max(last, number);
            }
            isWhole = true;
        }
    }

    /// <summary>The number of a new claim, which is found from now on, before it can be seen. No number is given twice, whatever becomes of its claim.</summary>
    public uint Add(string workspace, string identity)
    {
        lock (gate)
        {
            Put(workspace, identity, checked(++last));
            return last;
        }
    }

    /// <summary>The numbers under which a claim of an identity may stand: nearly always none, or one.</summary>
    public IReadOnlyList<uint> Find(string workspace, string identity)
    {
        lock (gate)
        {
            List<uint>? found = null;
            for (var hash = HashOf(workspace, identity); numbers.TryGetValue(hash, out var number); hash++) (found ??= new(1)).Add(number);
            return found ?? (IReadOnlyList<uint>)[];
        }
    }

    private void Put(string workspace, string identity, uint number)
    {
        var hash = HashOf(workspace, identity);
        while (!numbers.TryAdd(hash, number)) hash = unchecked(hash + 1);
    }

    private static uint HashOf(string workspace, string identity) => (uint)HashCode.Combine(workspace, identity);
}
