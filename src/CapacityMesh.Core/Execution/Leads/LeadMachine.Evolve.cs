using System.Diagnostics;
using CapacityMesh.Core.Kernel;
using static CapacityMesh.Core.Capture.Touches;
using static CapacityMesh.Core.Execution.LeadPhase;
using IntentScore = CapacityMesh.Core.Capture.IntentScore;
using Touch = CapacityMesh.Core.Capture.Touch;

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
        .. Stay([Working], nameof(LeadEvent.TouchPlanned)),
        .. Stay([Working], nameof(LeadEvent.TouchDue)),
        .. Stay([Working], nameof(LeadEvent.TouchMade)),
        .. Stay([Queued, Offered, Working], nameof(LeadEvent.FollowUpEnded)),
        .. Stay([Working], nameof(LeadEvent.PromiseContradicted)),
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
        LeadEvent.Opened e => state with
        {
            Contact = e.Contact, Campaign = e.Campaign, OccurredAt = e.OccurredAt, CapturedAt = at, Skills = e.Skills, Value = e.Value,
            Touches = e.Touches ?? [], Intent = e.Intent ?? 0, IntentAt = e.Intent is null ? null : at, TimeZone = e.TimeZone,
        },
        LeadEvent.Waitlisted e => state with { Phase = Waitlisted, Place = at, Position = e.Position, ExpectedAt = e.ExpectedAt, Until = e.Until, Because = e.Because },
        LeadEvent.Admitted e => state with { Phase = Queued, Process = e.Process, AdmittedAt = at, Position = e.Position, ExpectedAt = e.ExpectedAt, Until = null, Because = e.Because },
        LeadEvent.Deflected e => Close(state, Deflected, e.Because, at),
        LeadEvent.StageEntered e => Rest(Leave(state, VisitEnd.Passed, at), at) with
        {
            Phase = Queued, StageIndex = e.Index, Stage = e.Stage, Pool = e.Pool, Place = at, PromisedBy = e.PromisedBy, PromiseBroken = false, Worked = TimeSpan.Zero, Served = false, FollowUp = null,
        },
        LeadEvent.Offered e => state with { Phase = Offered, Person = e.Person, Until = e.Until, Because = e.Because, Offers = state.Offers + 1 },
        LeadEvent.OfferEnded e => Rest(state, at) with { Phase = Queued, Because = e.Because },
        LeadEvent.Accepted e => state with { Phase = Working, Person = e.Person, Until = e.LeaseUntil, ContactDue = e.ContactDue, AcceptedAt = at, ContactedAt = null, Served = true },
        LeadEvent.Contacted e => state with { Until = e.LeaseUntil, ContactDue = null, ContactedAt = state.ContactedAt ?? at, FirstContactAt = state.FirstContactAt ?? at },
        LeadEvent.TouchPlanned e => state with { FollowUp = (state.FollowUp ?? FollowUpState.Start) with { Number = e.Number, Channel = e.Channel, Template = e.Template, DueAt = e.DueAt, IsDue = false } },
        LeadEvent.TouchDue => state with { FollowUp = state.FollowUp is { } f ? f with { IsDue = true } : null },
        LeadEvent.TouchMade e => state with { FollowUp = (state.FollowUp ?? FollowUpState.Start).Rest() with { Made = e.Number } },
        LeadEvent.FollowUpEnded e => state with { FollowUp = (state.FollowUp ?? FollowUpState.Start).Rest() with { Ended = e.Because } },
        LeadEvent.PromiseContradicted => state with { Contradictions = state.Contradictions + 1 },
        LeadEvent.Returned e => Rest(state, at) with { Phase = Queued, Because = e.Because },
        LeadEvent.SlotHeld e => state with { Phase = Held, Slot = e.Slot, Until = e.Until },
        LeadEvent.SlotBooked e => state with { Phase = Booked, Slot = e.Slot, Until = e.EndsAt, AcceptedAt = at },
        LeadEvent.SlotLost e => Rest(state, at) with { Phase = Queued, Because = e.Because },
        LeadEvent.DeliveryStarted e => state with { Phase = Started, Until = e.LeaseUntil, AcceptedAt = at, Served = true },
        LeadEvent.DeliveryOverdue e => state with { Until = e.LeaseUntil },
        LeadEvent.PromiseBroken => state with { PromiseBroken = true, PromisesBroken = state.PromisesBroken + 1 },
        LeadEvent.StagePassed => state,
        LeadEvent.Won e => state with { Won = true, WonAt = at, Value = e.Value ?? state.Value },
        LeadEvent.Delivered => Close(Leave(state, VisitEnd.Passed, at), Delivered, new Reason("delivered", "The lead passed the last stage."), at),
        LeadEvent.Lost e => Close(Leave(state, VisitEnd.Lost, at), Lost, e.Because, at),
        LeadEvent.Expired e => Close(state, Expired, e.Because, at),
        LeadEvent.Retracted e => Close(Leave(state, VisitEnd.Left, at), Retracted, e.Because, at),
        LeadEvent.Reopened => Rest(state, at) with { Phase = Captured, ClosedAt = null },
        LeadEvent.SignalNoted e => state with
        {
            Intent = IntentScore.Plus(state.Intent, state.IntentAt, at, e.Points), IntentAt = at,
            Touches = e.Campaign is { } campaign ? state.Touches.Plus(new Touch(campaign, at, e.Kind)) : state.Touches,
        },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    // Nobody has it: no person, no slot, no deadline.
    private static LeadState Rest(LeadState state, DateTimeOffset at) => state with
    {
        Person = null, Slot = null, Until = null, ContactDue = null, AcceptedAt = null, ContactedAt = null, Worked = WorkedBy(state, at), FollowUp = state.FollowUp?.Rest(),
    };

    // A booked slot is still a wait.
    private static TimeSpan WorkedBy(LeadState state, DateTimeOffset at) =>
        state.Phase is Working or Started && state.AcceptedAt is { } since ? state.Worked + (at - since) : state.Worked;

    // Between the gate and the end it is in a stage; one that is reopened has left its stage before.
    private static LeadState Leave(LeadState state, VisitEnd end, DateTimeOffset at)
    {
        if (state.Phase is not (Queued or Offered or Working or Held or Booked or Started) || state.Stage is null) return state;
        var visit = new StageVisit(state.StageIndex, state.Stage, state.Pool!, state.Place, at, WorkedBy(state, at), state.Served, state.PromiseBroken, end);
        var visits = state.Visits.Add(visit);
        return state with { Visits = visits.Length <= Limits.VisitsMax ? visits : visits.RemoveAt(0) };
    }

    private static LeadState Close(LeadState state, LeadPhase phase, Reason because, DateTimeOffset at) =>
        Rest(state, at) with { Phase = phase, Because = because, ClosedAt = at, PromisedBy = null };
}
