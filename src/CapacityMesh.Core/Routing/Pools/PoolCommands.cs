using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>What a pool may be asked.</summary>
public abstract record PoolCommand : ICommand
{
    private PoolCommand() { }

    /// <summary>From Flow: the process names this pool.</summary>
    public sealed record Configure(PoolKind Kind, TimeSpan OfferTimeout, TimeSpan HoldTimeout, TimeSpan ReofferAfter) : PoolCommand;

    /// <summary>From Lead: it entered a stage that this pool serves.</summary>
    public sealed record Enqueue(QueuedLead Lead) : PoolCommand;

    /// <summary>From Lead: it waits again, in place; a person may have let it go.</summary>
    public sealed record Requeue(string LeadId, string? LetGoBy) : PoolCommand;

    /// <summary>From Lead: a person took it, or a slot is booked for it.</summary>
    public sealed record Taken(string LeadId, string Holder) : PoolCommand;

    /// <summary>From Lead: its stage is over.</summary>
    public sealed record Done(string LeadId, StageOutcome Outcome) : PoolCommand;

    /// <summary>From Lead: it went away without an outcome.</summary>
    public sealed record Leave(string LeadId) : PoolCommand;

    /// <summary>From Lead: it waited longer than the stage promises.</summary>
    public sealed record NotePromiseBroken(string LeadId) : PoolCommand;

    /// <summary>From Salesperson: their capacity now.</summary>
    public sealed record MemberReported(string Person, MemberReport Report) : PoolCommand;

    /// <summary>From Salesperson: they serve this pool no more.</summary>
    public sealed record MemberLeft(string Person) : PoolCommand;

    /// <summary>From Salesperson: no capacity for that lead; and their capacity now.</summary>
    public sealed record Refused(string LeadId, string Person, MemberReport Report) : PoolCommand;

    /// <summary>Put a slot into the plan; one that overlaps another of the pool is refused.</summary>
    public sealed record PlanSlot(string Slot, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : PoolCommand;

    /// <summary>From DeliverySlot: where it is now.</summary>
    public sealed record SlotReported(string Slot, SlotPhase Phase, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : PoolCommand;

    /// <summary>From DeliverySlot: it cannot be held. Where it is comes as a report, which a newer one replaces.</summary>
    public sealed record SlotRefused(string LeadId, string Slot) : PoolCommand;

    /// <summary>A timer of this pool elapsed.</summary>
    public sealed record TimerElapsed(string Name) : PoolCommand;
}

/// <summary>Why a pool declines, in order of precedence.</summary>
public static class PoolRejections
{
    /// <summary>No such pool.</summary>
    public static readonly Rejection Unknown = new("poolUnknown", RejectionKind.Invalid, "The process names no such pool.");
    /// <summary>Served by people.</summary>
    public static readonly Rejection NotOfSlots = new("poolOfPeople", RejectionKind.Invalid, "This pool is served by people; it has no slots.");
    /// <summary>Ends before it starts.</summary>
    public static readonly Rejection EndsBeforeStart = new("endsBeforeStart", RejectionKind.Invalid, "The slot ends before it starts.");
    /// <summary>Over.</summary>
    public static readonly Rejection InThePast = new("slotInThePast", RejectionKind.Invalid, "The slot's time is over.");
    /// <summary>Too far.</summary>
    public static readonly Rejection TooFarAhead = new("slotTooFarAhead", RejectionKind.Invalid, "A slot lies at most ten years ahead.");
    /// <summary>Overlap.</summary>
    public static readonly Rejection Overlaps = new("slotOverlaps", RejectionKind.Conflict, "The slot overlaps another slot of this pool.");
    /// <summary>Too many.</summary>
    public static readonly Rejection TooMany = new("tooManySlots", RejectionKind.Conflict, "The pool has 4,000 slots ahead; withdraw some first.");
    /// <summary>Too many people.</summary>
    public static readonly Rejection TooManyPeople = new("tooManyPeople", RejectionKind.Conflict, "The pool has 2,000 people; use another pool.");
}

/// <summary>Names of a pool's timers.</summary>
public static class PoolTimers
{
    /// <summary>Somebody may be asked again, or more leads can be handed out at once.</summary>
    public const string Match = "match";
}
