using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>A lead that waits at the gate.</summary>
/// <param name="LeadId">The lead.</param>
/// <param name="Campaign">Where it came from.</param>
/// <param name="Value">What a win would bring; 0 when unknown.</param>
/// <param name="Since">Since when it waits.</param>
public sealed record WaitlistEntry(string LeadId, string Campaign, decimal Value, DateTimeOffset Since);

/// <summary>Who waits at the gate, by value and by age.</summary>
public sealed record Waitlist(ImmutableSortedDictionary<string, WaitlistEntry> ById, ImmutableSortedSet<WaitlistEntry> ByAge, ImmutableSortedSet<WaitlistEntry> ByValue)
{
    private static readonly Comparer<WaitlistEntry> Age = Comparer<WaitlistEntry>.Create((a, b) =>
        a.Since != b.Since ? a.Since.CompareTo(b.Since) : string.CompareOrdinal(a.LeadId, b.LeadId));

    private static readonly Comparer<WaitlistEntry> Worth = Comparer<WaitlistEntry>.Create((a, b) =>
        a.Value != b.Value ? b.Value.CompareTo(a.Value) : Age.Compare(a, b));

    /// <summary>Nobody waits.</summary>
    public static Waitlist None { get; } = new(PoolState.Empty<WaitlistEntry>(), ImmutableSortedSet.Create<WaitlistEntry>(Age), ImmutableSortedSet.Create<WaitlistEntry>(Worth));

    /// <summary>How many wait.</summary>
    public int Count => ById.Count;

    /// <summary>With one more; a lead that waits already gets its new entry.</summary>
    public Waitlist Add(WaitlistEntry entry)
    {
        var others = Remove(entry.LeadId);
        return new Waitlist(others.ById.SetItem(entry.LeadId, entry), others.ByAge.Add(entry), others.ByValue.Add(entry));
    }

    /// <summary>With one less.</summary>
    public Waitlist Remove(string leadId) =>
        ById.TryGetValue(leadId, out var entry) ? new Waitlist(ById.Remove(leadId), ByAge.Remove(entry), ByValue.Remove(entry)) : this;

    /// <summary>
    /// Who is next: the most valuable, the oldest among equals; but whoever has waited for <paramref name="starveAfter"/> comes first, oldest first,
    /// so that nobody waits for ever behind better ones.
    /// </summary>
    public WaitlistEntry? Next(DateTimeOffset now, TimeSpan starveAfter)
    {
        if (Count == 0) return null;
        var oldest = ByAge.Min!;
        return now - oldest.Since >= starveAfter ? oldest : ByValue.Min;
    }

    /// <summary>Place in line, from 1; 0 when the lead does not wait.</summary>
    public int PositionOf(string leadId) => ById.TryGetValue(leadId, out var entry) ? ByValue.IndexOf(entry) + 1 : 0;

    /// <summary>The same list from its entries: how it is stored.</summary>
    public static Waitlist From(IEnumerable<WaitlistEntry> entries) => entries.Aggregate(None, (list, entry) => list.Add(entry));
}
