using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>What has happened to a lead. These names are the storage format.</summary>
public abstract record LeadEvent : IEvent
{
    private LeadEvent() { }

    /// <summary>We heard of it.</summary>
    public sealed record Opened(string Contact, string Campaign, DateTimeOffset OccurredAt, ImmutableArray<string> Skills, Money? Value) : LeadEvent
    {
        /// <summary>What reached the person before; null when nothing did.</summary>
        public ImmutableArray<Touch>? Touches { get; init; }

        /// <summary>Intent shown before; null when none.</summary>
        public int? Intent { get; init; }

        /// <summary>The person's time zone, if known.</summary>
        public string? TimeZone { get; init; }
    }

    /// <summary>The gate keeps it waiting until the instant at most.</summary>
    public sealed record Waitlisted(int Position, DateTimeOffset? ExpectedAt, DateTimeOffset Until, Reason Because) : LeadEvent;

    /// <summary>The gate let it in, on a version of the process.</summary>
    public sealed record Admitted(int Process, int? Position, DateTimeOffset? ExpectedAt, Reason Because) : LeadEvent;

    /// <summary>The gate turned it away.</summary>
    public sealed record Deflected(Reason Because) : LeadEvent;

    /// <summary>It entered a stage and waits in its pool.</summary>
    public sealed record StageEntered(int Index, string Stage, string Pool, DateTimeOffset PromisedBy) : LeadEvent;

    /// <summary>Offered to a person until the instant.</summary>
    public sealed record Offered(string Person, DateTimeOffset Until, Reason Because) : LeadEvent;

    /// <summary>The offer ended without acceptance; it waits again, in place.</summary>
    public sealed record OfferEnded(string Person, Reason Because) : LeadEvent;

    /// <summary>A person took it, or was given it; rest is allowed until the lease ends.</summary>
    public sealed record Accepted(string Person, DateTimeOffset LeaseUntil, DateTimeOffset? ContactDue, bool Assigned) : LeadEvent;

    /// <summary>The person was contacted; the lease begins anew.</summary>
    public sealed record Contacted(string Person, DateTimeOffset LeaseUntil) : LeadEvent;

    /// <summary>The next touch of the follow-up falls due at the instant.</summary>
    public sealed record TouchPlanned(int Number, string Channel, string? Template, DateTimeOffset DueAt) : LeadEvent;

    /// <summary>A touch of the follow-up is due: somebody is to speak to the person.</summary>
    public sealed record TouchDue(int Number, string Channel, string? Template, string Person) : LeadEvent;

    /// <summary>A touch of the follow-up was made.</summary>
    public sealed record TouchMade(int Number, string Channel, string Person) : LeadEvent;

    /// <summary>There are no more touches in this stage.</summary>
    public sealed record FollowUpEnded(Reason Because) : LeadEvent;

    /// <summary>What was said to the person contradicts what their campaign promised.</summary>
    public sealed record PromiseContradicted(string Promise, string Person) : LeadEvent;

    /// <summary>The work came back; it waits again, in place.</summary>
    public sealed record Returned(string Person, Reason Because) : LeadEvent;

    /// <summary>A slot is held for it.</summary>
    public sealed record SlotHeld(string Slot, DateTimeOffset StartsAt, DateTimeOffset Until) : LeadEvent;

    /// <summary>A slot is booked for it.</summary>
    public sealed record SlotBooked(string Slot, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : LeadEvent;

    /// <summary>Its slot is gone; it waits again, in place.</summary>
    public sealed record SlotLost(string Slot, Reason Because) : LeadEvent;

    /// <summary>Delivery began.</summary>
    public sealed record DeliveryStarted(string Slot, DateTimeOffset LeaseUntil) : LeadEvent;

    /// <summary>Delivery rests longer than work may; somebody should look.</summary>
    public sealed record DeliveryOverdue(DateTimeOffset LeaseUntil) : LeadEvent;

    /// <summary>The stage's promised wait is over and nobody served it.</summary>
    public sealed record PromiseBroken(string Stage) : LeadEvent;

    /// <summary>It passed a stage.</summary>
    public sealed record StagePassed(string Stage, string? Person) : LeadEvent;

    /// <summary>The deal is won.</summary>
    public sealed record Won(Money? Value) : LeadEvent;

    /// <summary>It passed the last stage.</summary>
    public sealed record Delivered : LeadEvent;

    /// <summary>Lost at a stage.</summary>
    public sealed record Lost(string Stage, string? Person, Reason Because) : LeadEvent;

    /// <summary>It waited at the gate for too long.</summary>
    public sealed record Expired(Reason Because) : LeadEvent;

    /// <summary>Taken back.</summary>
    public sealed record Retracted(Reason Because) : LeadEvent;

    /// <summary>A closed lead lives again.</summary>
    public sealed record Reopened : LeadEvent;

    /// <summary>The person showed intent.</summary>
    public sealed record SignalNoted(string Kind, int Points, string? Campaign) : LeadEvent;
}
