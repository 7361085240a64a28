using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>What has happened in a pool. These names are the storage format.</summary>
public abstract record PoolEvent : IEvent
{
    private PoolEvent() { }

    /// <summary>The process names it.</summary>
    public sealed record Configured(PoolKind Kind, TimeSpan OfferTimeout, TimeSpan HoldTimeout, TimeSpan ReofferAfter) : PoolEvent;

    /// <summary>A lead waits.</summary>
    public sealed record LeadQueued(QueuedLead Lead) : PoolEvent;

    /// <summary>A lead waits again, in place.</summary>
    public sealed record LeadRequeued(string LeadId, string? LetGoBy) : PoolEvent;

    /// <summary>A lead is handed to a person or a slot, who may still refuse.</summary>
    public sealed record LeadMatched(string LeadId, string Holder) : PoolEvent;

    /// <summary>A lead is being worked, or its slot is booked.</summary>
    public sealed record LeadTaken(string LeadId, string Holder) : PoolEvent;

    /// <summary>A lead's stage is over.</summary>
    public sealed record LeadDone(string LeadId, StageOutcome Outcome) : PoolEvent;

    /// <summary>A lead went away.</summary>
    public sealed record LeadLeft(string LeadId) : PoolEvent;

    /// <summary>A promise was broken.</summary>
    public sealed record PromiseBroken(string LeadId) : PoolEvent;

    /// <summary>A person's capacity.</summary>
    public sealed record MemberReported(string Person, MemberReport Report) : PoolEvent;

    /// <summary>A person serves this pool no more.</summary>
    public sealed record MemberLeft(string Person) : PoolEvent;

    /// <summary>A slot is in the plan, or changed.</summary>
    public sealed record SlotReported(string Slot, SlotReport Report) : PoolEvent;

    /// <summary>A slot is out of the plan, or its time is over.</summary>
    public sealed record SlotLeft(string Slot) : PoolEvent;

    /// <summary>The pool will look again at that instant; null when it need not.</summary>
    public sealed record WakePlanned(DateTimeOffset? At) : PoolEvent;
}
