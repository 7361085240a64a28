using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// Leads that wait, in lines of those whom the same people can serve; within a line by place, then by id. So one head that nobody can serve
/// never stands in the way of the others.
/// </summary>
public sealed record WaitingLines(ImmutableSortedDictionary<string, ImmutableSortedSet<WaitingLead>> Lines, ImmutableSortedDictionary<string, WaitingLead> ById)
{
    /// <summary>Nobody waits.</summary>
    public static WaitingLines None { get; } = new(PoolState.Empty<ImmutableSortedSet<WaitingLead>>(), PoolState.Empty<WaitingLead>());

    /// <summary>How many wait.</summary>
    public int Count => ById.Count;

    /// <summary>Places of the leads that have waited longest, one per line.</summary>
    public DateTimeOffset? OldestPlace => Lines.Count == 0 ? null : Lines.Values.Min(l => l.Min!.Lead.Place);

    /// <summary>The lead's entry, or null.</summary>
    public WaitingLead? Find(string leadId) => ById.GetValueOrDefault(leadId);

    /// <summary>With one more.</summary>
    public WaitingLines Add(QueuedLead lead)
    {
        var waiting = new WaitingLead(lead);
        var line = Lines.GetValueOrDefault(lead.Line, []);
        return new WaitingLines(Lines.SetItem(lead.Line, line.Add(waiting)), ById.SetItem(lead.LeadId, waiting));
    }

    /// <summary>With one less.</summary>
    public WaitingLines Remove(string leadId)
    {
        if (Find(leadId) is not { } waiting) return this;
        var key = waiting.Lead.Line;
        var line = Lines[key].Remove(waiting);
        return new WaitingLines(line.IsEmpty ? Lines.Remove(key) : Lines.SetItem(key, line), ById.Remove(leadId));
    }

    /// <summary>Place among all who wait, from 1; 0 when the lead does not wait here.</summary>
    public int PositionOf(string leadId)
    {
        if (Find(leadId) is not { } waiting) return 0;
        var ahead = 0;
        foreach (var line in Lines.Values)
        {
            var index = line.IndexOf(waiting);
            ahead += index >= 0 ? index : ~index;
        }
        return ahead + 1;
    }
}

/// <summary>A waiting lead, ordered by place, then by id.</summary>
public sealed record WaitingLead(QueuedLead Lead) : IComparable<WaitingLead>
{
    /// <inheritdoc/>
    public int CompareTo(WaitingLead? other)
    {
        if (other is null) return 1;
        var byPlace = Lead.Place.CompareTo(other.Lead.Place);
        return byPlace != 0 ? byPlace : string.CompareOrdinal(Lead.LeadId, other.Lead.LeadId);
    }

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(WaitingLead left, WaitingLead right) => left.CompareTo(right) < 0;
    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(WaitingLead left, WaitingLead right) => left.CompareTo(right) > 0;
    /// <summary>Whether one does not come after the other.</summary>
    public static bool operator <=(WaitingLead left, WaitingLead right) => left.CompareTo(right) <= 0;
    /// <summary>Whether one does not come before the other.</summary>
    public static bool operator >=(WaitingLead left, WaitingLead right) => left.CompareTo(right) >= 0;
}
