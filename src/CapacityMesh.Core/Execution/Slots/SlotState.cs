namespace CapacityMesh.Core.Execution;

/// <summary>Where a delivery slot is.</summary>
public enum SlotPhase
{
    /// <summary>Never heard of.</summary>
    Unknown,
    /// <summary>Free.</summary>
    Open,
    /// <summary>Held for one lead, until the hold lapses.</summary>
    Held,
    /// <summary>Booked for one lead.</summary>
    Booked,
    /// <summary>Delivery is under way.</summary>
    Started,
    /// <summary>Delivery is done.</summary>
    Completed,
    /// <summary>Its time went by unused.</summary>
    Missed,
    /// <summary>Taken out of the plan.</summary>
    Withdrawn,
}

/// <summary>One delivery slot: it serves one lead.</summary>
/// <param name="Phase">Where it is.</param>
/// <param name="Pool">The pool that it belongs to.</param>
/// <param name="StartsAt">When delivery can begin.</param>
/// <param name="EndsAt">When its time is over.</param>
/// <param name="LeadId">The lead that has it.</param>
/// <param name="HeldUntil">When the hold lapses.</param>
public sealed record SlotState(SlotPhase Phase, string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string? LeadId, DateTimeOffset? HeldUntil);
