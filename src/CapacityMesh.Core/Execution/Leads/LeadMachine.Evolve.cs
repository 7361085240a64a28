using System.Diagnostics;
using CapacityMesh.Core.Kernel;
using static CapacityMesh.Core.Execution.LeadPhase;

namespace CapacityMesh.Core.Execution;

public sealed partial class LeadMachine
{
    /// <summary>The legal moves, in the order of a life.</summary>
    public static Lifecycle<LeadPhase> Lifecycle { get; } = new(
    [
        (Captured, nameof(LeadEvent.Opened), Captured),
        (Captured, nameof(LeadEvent.Waitlisted), Waitlisted),
        (Captured, nameof(LeadEvent.Deflected), Deflected),
        (Captured, nameof(LeadEvent.Retracted), Retracted),
        .. From([Captured, Waitlisted], nameof(LeadEvent.Admitted), Queued),
        (Waitlisted, nameof(LeadEvent.Expired), Expired),
        .. From([Queued, Working, Started, Captured], nameof(LeadEvent.StageEntered), Queued),
        (Queued, nameof(LeadEvent.Offered), Offered),
        (Offered, nameof(LeadEvent.OfferEnded), Queued),
        .. From([Queued, Offered, Working], nameof(LeadEvent.Accepted), Working),
        (Working, nameof(LeadEvent.Contacted), Working),
        (Working, nameof(LeadEvent.Returned), Queued),
        (Queued, nameof(LeadEvent.SlotHeld), Held),
        .. From([Queued, Held, Booked], nameof(LeadEvent.SlotBooked), Booked),
        .. From([Held, Booked, Started], nameof(LeadEvent.SlotLost), Queued),
        (Booked, nameof(LeadEvent.DeliveryStarted), Started),
        (Started, nameof(LeadEvent.DeliveryOverdue), Started),
        .. Stay([Queued, Offered, Held, Booked], nameof(LeadEvent.PromiseBroken)),
        .. Stay([Working, Started], nameof(LeadEvent.StagePassed)),
        .. Stay([Working, Started], nameof(LeadEvent.Won)),
        .. From([Working, Started], nameof(LeadEvent.Delivered), Delivered),
        .. From([Working, Started], nameof(LeadEvent.Lost), Lost),
        .. From([Waitlisted, Queued, Offered, Working, Held, Booked, Started], nameof(LeadEvent.Retracted), Retracted),
        .. From([Delivered, Lost, Deflected, Expired, Retracted], nameof(LeadEvent.Reopened), Captured),
        .. Stay([Captured, Waitlisted, Queued, Offered, Working, Held, Booked, Started], nameof(LeadEvent.SignalNoted)),
    ]);

    private static IEnumerable<(LeadPhase, string, LeadPhase)> From(LeadPhase[] phases, string fact, LeadPhase to) => phases.Select(p => (p, fact, to));

    private static IEnumerable<(LeadPhase, string, LeadPhase)> Stay(LeadPhase[] phases, string fact) => phases.Select(p => (p, fact, p));

    /// <inheritdoc/>
    public static LeadState Evolve(LeadState state, LeadEvent fact, DateTimeOffset at) => fact switch
    {
        LeadEvent.Opened e => state with { Contact = e.Contact, Campaign = e.Campaign, OccurredAt = e.OccurredAt, CapturedAt = at, Skills = e.Skills, Value = e.Value },
        LeadEvent.Waitlisted e => state with { Phase = Waitlisted, Place = at, Position = e.Position, ExpectedAt = e.ExpectedAt, Until = e.Until, Because = e.Because },
        LeadEvent.Admitted e => state with { Phase = Queued, Process = e.Process, AdmittedAt = at, Position = e.Position, ExpectedAt = e.ExpectedAt, Until = null, Because = e.Because },
        LeadEvent.Deflected e => Close(state, Deflected, e.Because, at),
        LeadEvent.StageEntered e => Rest(state) with
        {
            Phase = Queued, StageIndex = e.Index, Stage = e.Stage, Pool = e.Pool, Place = at, PromisedBy = e.PromisedBy, PromiseBroken = false,
        },
        LeadEvent.Offered e => state with { Phase = Offered, Person = e.Person, Until = e.Until, Because = e.Because, Offers = state.Offers + 1 },
        LeadEvent.OfferEnded e => Rest(state) with { Phase = Queued, Because = e.Because },
        LeadEvent.Accepted e => state with { Phase = Working, Person = e.Person, Until = e.LeaseUntil, ContactDue = e.ContactDue, AcceptedAt = at, ContactedAt = null },
        LeadEvent.Contacted e => state with { Until = e.LeaseUntil, ContactDue = null, ContactedAt = state.ContactedAt ?? at, FirstContactAt = state.FirstContactAt ?? at },
        LeadEvent.Returned e => Rest(state) with { Phase = Queued, Because = e.Because },
        LeadEvent.SlotHeld e => state with { Phase = Held, Slot = e.Slot, Until = e.Until },
        LeadEvent.SlotBooked e => state with { Phase = Booked, Slot = e.Slot, Until = e.EndsAt, AcceptedAt = at },
        LeadEvent.SlotLost e => Rest(state) with { Phase = Queued, Because = e.Because },
        LeadEvent.DeliveryStarted e => state with { Phase = Started, Until = e.LeaseUntil, AcceptedAt = at },
        LeadEvent.DeliveryOverdue e => state with { Until = e.LeaseUntil },
        LeadEvent.PromiseBroken => state with { PromiseBroken = true, PromisesBroken = state.PromisesBroken + 1 },
        LeadEvent.StagePassed => state,
        LeadEvent.Won e => state with { Won = true, Value = e.Value ?? state.Value },
        LeadEvent.Delivered => Close(state, Delivered, new Reason("delivered", "The lead passed the last stage."), at),
        LeadEvent.Lost e => Close(state, Lost, e.Because, at),
        LeadEvent.Expired e => Close(state, Expired, e.Because, at),
        LeadEvent.Retracted e => Close(state, Retracted, e.Because, at),
        LeadEvent.Reopened => Rest(state) with { Phase = Captured, ClosedAt = null },
        LeadEvent.SignalNoted e => state with { Intent = Math.Min(IntentMax, state.Intent + e.Points) },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    // Nobody has it: no person, no slot, no deadline.
    private static LeadState Rest(LeadState state) =>
        state with { Person = null, Slot = null, Until = null, ContactDue = null, AcceptedAt = null, ContactedAt = null };

    private static LeadState Close(LeadState state, LeadPhase phase, Reason because, DateTimeOffset at) =>
        Rest(state) with { Phase = phase, Because = because, ClosedAt = at, PromisedBy = null };
}
