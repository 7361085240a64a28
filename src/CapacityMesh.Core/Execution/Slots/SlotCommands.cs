using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>What a slot may be asked.</summary>
public abstract record SlotCommand : ICommand
{
    private SlotCommand() { }

    /// <summary>From Pool, which has checked the plan: exist, or move.</summary>
    public sealed record Configure(string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : SlotCommand;

    /// <summary>From Pool: hold it for a lead, for so long.</summary>
    public sealed record Hold(string LeadId, string Stage, TimeSpan For) : SlotCommand;

    /// <summary>From Lead: book it.</summary>
    public sealed record Book(string LeadId, string Stage, string Pool) : SlotCommand;

    /// <summary>From Lead: the lead does not need it.</summary>
    /// <param name="LeadId">The lead.</param>
    /// <param name="HeldUntil">Only the hold that lapses then: the slot may be held for the same lead anew; null for whatever the lead has.</param>
    public sealed record Release(string LeadId, DateTimeOffset? HeldUntil = null) : SlotCommand;

    /// <summary>From Lead: delivery begins.</summary>
    public sealed record Start(string LeadId) : SlotCommand;

    /// <summary>From Lead: delivery is done.</summary>
    public sealed record Complete(string LeadId) : SlotCommand;

    /// <summary>Take it out of the plan; a lead that has it goes back to the queue.</summary>
    public sealed record Withdraw : SlotCommand;

    /// <summary>A timer of this slot elapsed.</summary>
    public sealed record TimerElapsed(string Name) : SlotCommand;
}

/// <summary>Why a slot declines, in order of precedence.</summary>
public static class SlotRejections
{
    /// <summary>No such slot.</summary>
    public static readonly Rejection Unknown = new("slotUnknown", RejectionKind.NotFound, "There is no such slot.");
    /// <summary>Withdrawn.</summary>
    public static readonly Rejection Withdrawn = new("slotWithdrawn", RejectionKind.Conflict, "The slot was withdrawn.");
    /// <summary>Used up.</summary>
    public static readonly Rejection Over = new("slotOver", RejectionKind.Conflict, "The slot's time is over.");
    /// <summary>Other pool.</summary>
    public static readonly Rejection OtherPool = new("slotOfOtherPool", RejectionKind.Conflict, "The slot belongs to another pool.");
    /// <summary>Somebody else has it.</summary>
    public static readonly Rejection TakenByAnotherLead = new("slotTaken", RejectionKind.Conflict, "A lead has this slot.");
    /// <summary>In use.</summary>
    public static readonly Rejection InUse = new("slotInUse", RejectionKind.Conflict, "Delivery in this slot has begun.");
}

/// <summary>Reasons that slots give.</summary>
public static class SlotReasons
{
    /// <summary>Not booked in time.</summary>
    public static readonly Reason HoldLapsed = new("holdLapsed", "Nobody booked the slot before the hold lapsed.");
    /// <summary>Withdrawn.</summary>
    public static readonly Reason Withdrawn = new("slotWithdrawn", "The slot was withdrawn.");
    /// <summary>Time went by.</summary>
    public static readonly Reason Missed = new("slotMissed", "The slot's time went by before delivery began.");
}

/// <summary>Names of a slot's timers.</summary>
public static class SlotTimers
{
    /// <summary>The hold lapses.</summary>
    public const string Hold = "hold";
    /// <summary>The slot's time is over.</summary>
    public const string End = "end";
}
