using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>The facts of a working life. These names are the storage format.</summary>
public abstract record SalespersonEvent : IEvent
{
    private SalespersonEvent() { }

    /// <summary>The profile as it is now, with the working spells ahead.</summary>
    public sealed record Configured(SalespersonProfile Profile, ImmutableArray<Spell> Calendar) : SalespersonEvent;

    /// <summary>The working spells of the coming weeks.</summary>
    public sealed record CalendarExtended(ImmutableArray<Spell> Calendar) : SalespersonEvent;

    /// <summary>Presence changed.</summary>
    public sealed record StatusSet(PresenceStatus Status) : SalespersonEvent;

    /// <summary>Capacity is reserved for an offer.</summary>
    public sealed record Reserved(string LeadId, string Stage, string Pool, decimal Effort) : SalespersonEvent;

    /// <summary>An operator gave them a lead.</summary>
    public sealed record Assigned(string LeadId, string Stage, string Pool, decimal Effort) : SalespersonEvent;

    /// <summary>They took the offer.</summary>
    public sealed record Begun(string LeadId) : SalespersonEvent;

    /// <summary>They made the first contact.</summary>
    public sealed record ContactNoted(string LeadId) : SalespersonEvent;

    /// <summary>They do not have it any more.</summary>
    public sealed record Released(string LeadId) : SalespersonEvent;

    /// <summary>They brought the stage to its end.</summary>
    public sealed record Finished(string LeadId) : SalespersonEvent;

    /// <summary>They left.</summary>
    public sealed record Removed : SalespersonEvent;
}
