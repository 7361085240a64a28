using System.Collections.Concurrent;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>What the server has acknowledged, to be held against it.</summary>
internal sealed class Ledger
{
    // Some 100 MB; a soak beyond it is checked by its first leads.
    private const int KeptMax = 1_000_000;
    private readonly ConcurrentDictionary<long, string> leads = new();
    private long differing;

    /// <summary>Acknowledged leads, by arrival.</summary>
    public IReadOnlyDictionary<long, string> Leads => leads;

    /// <summary>Repeats that were answered with another lead than the first time.</summary>
    public long Differing => Interlocked.Read(ref differing);

    /// <summary>Notes an acknowledgement.</summary>
    public void Note(long arrival, string lead)
    {
        if (leads.Count >= KeptMax) return;
        if (leads.GetOrAdd(arrival, lead) != lead) Interlocked.Increment(ref differing);
    }
}
