using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>The facts of a slot. These names are the storage format.</summary>
public abstract record SlotEvent : IEvent
{
    private SlotEvent() { }

    /// <summary>It is in the plan, at this time.</summary>
    public sealed record Planned(string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : SlotEvent;

    /// <summary>Held for a lead.</summary>
    public sealed record Held(string LeadId, DateTimeOffset Until) : SlotEvent;

    /// <summary>The hold lapsed.</summary>
    public sealed record HoldLapsed(string LeadId) : SlotEvent;

    /// <summary>Booked for a lead.</summary>
    public sealed record Booked(string LeadId) : SlotEvent;

    /// <summary>The lead gave it back.</summary>
    public sealed record Released(string LeadId) : SlotEvent;

    /// <summary>Delivery began.</summary>
    public sealed record Started(string LeadId) : SlotEvent;

    /// <summary>Delivery is done, or was broken off.</summary>
    public sealed record Completed(string LeadId) : SlotEvent;

    /// <summary>Its time went by unused.</summary>
    public sealed record Missed(string? LeadId) : SlotEvent;

    /// <summary>Taken out of the plan.</summary>
    public sealed record Withdrawn(string? LeadId) : SlotEvent;
}
