using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

// Within a stage: queue, offer, work, hold, booking, delivery, and the ways back into the queue.
public sealed partial class LeadMachine
{
    private static Decision<LeadState> EnterStage(Decision<LeadState> decision, int index, bool fromGate = false)
    {
        var stage = ProcessOf(decision).Stages[index];
        var now = decision.Turn.Now;
        decision.Record(new LeadEvent.StageEntered(index, stage.Id, stage.Pool, now + stage.Promise));
        decision.SetTimer(LeadTimers.Promise, now + stage.Promise);
        var state = decision.State;
        return TellPool(decision, new PoolCommand.Enqueue(
            new QueuedLead(LeadId(decision), stage.Id, index, now, state.Process, stage.Effort, state.Skills, state.AdmittedAt ?? now) { FromGate = fromGate }));
    }

    private static Decision<LeadState> DecideOfferMade(Decision<LeadState> decision, LeadCommand.OfferMade command)
    {
        var state = decision.State;
        // The lead moved on while capacity was being reserved for it, perhaps to another place in the same queue: the reservation goes back.
        var isForThisPlace = command.Place is null || command.Place == state.Place;
        if (state.Phase is not LeadPhase.Queued || state.Stage != command.Stage || !isForThisPlace)
        {
            return state.Person == command.Person && state.Stage == command.Stage
                ? decision
                : TellPerson(decision, command.Person, new SalespersonCommand.Release(LeadId(decision), command.Stage));
        }
        decision.Record(new LeadEvent.Offered(command.Person, command.Until, command.Because));
        return decision.SetTimer(LeadTimers.Until, command.Until);
    }

    private static Decision<LeadState> DecideAccept(Decision<LeadState> decision, LeadCommand.Accept command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Working && state.Person == command.Person) return decision;
        if (state.Phase is not LeadPhase.Offered || state.Person != command.Person) return decision.Reject(LeadRejections.NotOffered);
        if (decision.Turn.Now >= state.Until) return decision.Reject(LeadRejections.OfferExpired);
        return BeginWork(decision, command.Person, assigned: false);
    }

    private static Decision<LeadState> BeginWork(Decision<LeadState> decision, string person, bool assigned)
    {
        var now = decision.Turn.Now;
        var lease = now + ProcessOf(decision).WorkLease;
        var stage = StageOf(decision);
        DateTimeOffset? contactDue = stage.FirstResponse is not { } first ? null : stage.FollowUp is { } plan ? Clock(decision, plan).After(now, first) : now + first;
        // Also for an assignment, which the person has begun already: a release of ours may have crossed it, and then they say so.
        TellPerson(decision, person, new SalespersonCommand.Begin(LeadId(decision), decision.State.Stage!));
        decision.Record(new LeadEvent.Accepted(person, lease, contactDue, assigned));
        decision.ClearTimer(LeadTimers.Promise).SetTimer(LeadTimers.Until, lease);
        if (contactDue is { } due) decision.SetTimer(LeadTimers.Contact, due);
        PlanTouch(decision, stage.FirstResponse);
        return TellPool(decision, new PoolCommand.Taken(LeadId(decision), person));
    }

    private static Decision<LeadState> DecideDecline(Decision<LeadState> decision, LeadCommand.Decline command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is not LeadPhase.Offered || state.Person != command.Person) return decision.Reject(LeadRejections.NotOffered);
        return EndOffer(decision, WithDetail(LeadReasons.Declined, command.Why));
    }

    // Offer over: capacity back to the person, the lead back into its place; the pool offers it elsewhere first.
    private static Decision<LeadState> EndOffer(Decision<LeadState> decision, Reason because)
    {
        var person = decision.State.Person!;
        TellPerson(decision, person, new SalespersonCommand.Release(LeadId(decision), decision.State.Stage!));
        decision.Record(new LeadEvent.OfferEnded(person, because)).ClearTimer(LeadTimers.Until);
        return TellPool(decision, new PoolCommand.Requeue(LeadId(decision), person));
    }

    private static Decision<LeadState> DecideAssign(Decision<LeadState> decision, LeadCommand.Assign command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Captured or LeadPhase.Waitlisted) return decision.Reject(LeadRejections.NotAdmitted);
        if (IsStageOfSlots(decision)) return decision.Reject(LeadRejections.StageOfSlots);
        if (state.Phase is LeadPhase.Working && state.Person == command.Person) return decision;
        var work = new WorkItem(LeadId(decision), state.Stage!, state.Pool!, StageOf(decision).Effort, state.Skills);
        return decision.Forward(
            decision.Turn.Self.Sibling(EntityKind.Salesperson, command.Person),
            new SalespersonCommand.Assign(work, command.Override));
    }

    private static Decision<LeadState> DecideAssignmentMade(Decision<LeadState> decision, LeadCommand.AssignmentMade command)
    {
        var state = decision.State;
        if (state.Stage != command.Stage || state.Phase is not (LeadPhase.Queued or LeadPhase.Offered or LeadPhase.Working))
        {
            return TellPerson(decision, command.Person, new SalespersonCommand.Release(LeadId(decision), command.Stage));
        }
        if (state.Phase is LeadPhase.Working && state.Person == command.Person) return decision;
        if (state.Person is { } other && other != command.Person)
        {
            TellPerson(decision, other, new SalespersonCommand.Release(LeadId(decision), command.Stage));
            decision.Record(state.Phase is LeadPhase.Offered
                ? new LeadEvent.OfferEnded(other, LeadReasons.Reassigned)
                : new LeadEvent.Returned(other, LeadReasons.Reassigned));
            decision.ClearTimer(LeadTimers.Contact).ClearTimer(LeadTimers.Touch);
        }
        return BeginWork(decision, command.Person, assigned: true);
    }

    private static Decision<LeadState> DecideWorkWithdrawn(Decision<LeadState> decision, LeadCommand.WorkWithdrawn command)
    {
        var state = decision.State;
        if (state.Person != command.Person || state.Stage != command.Stage) return decision;
        return state.Phase switch
        {
            LeadPhase.Offered => EndOffer(decision, command.Because),
            LeadPhase.Working => ReturnWork(decision, command.Because),
            _ => decision,
        };
    }

    private static Decision<LeadState> DecideContacted(Decision<LeadState> decision, LeadCommand.Contacted command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is not LeadPhase.Working || state.Person != command.Person) return decision.Reject(LeadRejections.NotTheirWork);
        var lease = decision.Turn.Now + ProcessOf(decision).WorkLease;
        decision.Record(new LeadEvent.Contacted(command.Person, lease));
        MakeTouch(decision, command.Person, command.Channel);
        if (command.Contradicts is { } promise) decision.Record(new LeadEvent.PromiseContradicted(promise, command.Person));
        TellPerson(decision, command.Person, new SalespersonCommand.NoteContact(LeadId(decision)));
        return decision.ClearTimer(LeadTimers.Contact).SetTimer(LeadTimers.Until, lease);
    }

    private static Decision<LeadState> DecideReturn(Decision<LeadState> decision, LeadCommand.Return command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Held or LeadPhase.Booked) return GiveSlotBack(decision, WithDetail(LeadReasons.Returned, command.Why));
        if (state.Phase is LeadPhase.Started) return decision.Reject(LeadRejections.AlreadyStarted);
        if (state.Phase is not LeadPhase.Working || (command.Person is { } person && state.Person != person)) return decision.Reject(LeadRejections.NotTheirWork);
        return ReturnWork(decision, WithDetail(LeadReasons.Returned, command.Why));
    }

    private static Decision<LeadState> ReturnWork(Decision<LeadState> decision, Reason because)
    {
        var state = decision.State;
        var person = state.Person!;
        TellPerson(decision, person, new SalespersonCommand.Release(LeadId(decision), state.Stage!));
        decision.Record(new LeadEvent.Returned(person, because));
        ClearTimers(decision);
        // Its promise goes on from where it was: a lead that was taken and put back has still been kept waiting.
        if (!state.PromiseBroken) decision.SetTimer(LeadTimers.Promise, state.PromisedBy!.Value);
        return TellPool(decision, new PoolCommand.Requeue(LeadId(decision), person));
    }

    private static Decision<LeadState> GiveSlotBack(Decision<LeadState> decision, Reason because)
    {
        var slot = decision.State.Slot!;
        ReleaseSlot(decision, slot, HeldUntil(decision.State));
        decision.Record(new LeadEvent.SlotLost(slot, because)).ClearTimer(LeadTimers.Until);
        return TellPool(decision, new PoolCommand.Requeue(LeadId(decision), LetGoBy: null));
    }

    // Time for the slot's word on the end of its hold.
    private static readonly TimeSpan HoldGrace = TimeSpan.FromMinutes(1);

    private static Decision<LeadState> DecideSlotHeld(Decision<LeadState> decision, LeadCommand.SlotHeld command)
    {
        if (decision.State.Phase is not LeadPhase.Queued || decision.State.Stage != command.Stage)
        {
            return decision.State.Slot == command.Slot
                ? decision
                : ReleaseSlot(decision, command.Slot, command.Until);
        }
        // The slot's own clock ends the hold; should a release of ours have crossed it, nobody would, and the lead looks for itself.
        return decision.Record(new LeadEvent.SlotHeld(command.Slot, command.StartsAt, command.Until)).SetTimer(LeadTimers.Until, command.Until + HoldGrace);
    }

    private static Decision<LeadState> DecideSlotGone(Decision<LeadState> decision, LeadCommand.SlotGone command)
    {
        if (decision.State.Slot != command.Slot || decision.State.IsClosed) return decision;
        decision.Record(new LeadEvent.SlotLost(command.Slot, command.Because)).ClearTimer(LeadTimers.Until);
        if (!decision.State.PromiseBroken) decision.SetTimer(LeadTimers.Promise, decision.State.PromisedBy!.Value);
        return TellPool(decision, new PoolCommand.Requeue(LeadId(decision), LetGoBy: null));
    }

    private static Decision<LeadState> DecideBook(Decision<LeadState> decision, LeadCommand.Book command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Captured or LeadPhase.Waitlisted) return decision.Reject(LeadRejections.NotAdmitted);
        if (!IsStageOfSlots(decision)) return decision.Reject(LeadRejections.StageOfPeople);
        if (state.Phase is LeadPhase.Booked && state.Slot == command.Slot) return decision;
        if (state.Phase is LeadPhase.Started) return decision.Reject(LeadRejections.AlreadyStarted);
        return decision.Forward(
            decision.Turn.Self.Sibling(EntityKind.DeliverySlot, command.Slot),
            new SlotCommand.Book(LeadId(decision), state.Stage!, state.Pool!));
    }

    private static Decision<LeadState> DecideSlotBooked(Decision<LeadState> decision, LeadCommand.SlotBooked command)
    {
        var state = decision.State;
        if (state.Stage != command.Stage || state.Phase is not (LeadPhase.Queued or LeadPhase.Held or LeadPhase.Booked))
        {
            return ReleaseSlot(decision, command.Slot, heldUntil: null);
        }
        if (state.Phase is LeadPhase.Booked && state.Slot == command.Slot) return decision;
        if (state.Slot is { } other && other != command.Slot) ReleaseSlot(decision, other, HeldUntil(state));
        // Confirmed, because a release of ours may have crossed the booking: the slot books again, or says that it is gone.
        decision.Send(EntityKind.DeliverySlot, command.Slot, new SlotCommand.Book(LeadId(decision), state.Stage!, state.Pool!));
        decision.Record(new LeadEvent.SlotBooked(command.Slot, command.StartsAt, command.EndsAt)).ClearTimer(LeadTimers.Until);
        return TellPool(decision, new PoolCommand.Taken(LeadId(decision), command.Slot));
    }

    private static Decision<LeadState> DecideStart(Decision<LeadState> decision)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Started) return decision;
        if (state.Phase is not LeadPhase.Booked) return decision.Reject(LeadRejections.NotBooked);
        var lease = decision.Turn.Now + ProcessOf(decision).WorkLease;
        decision.Send(EntityKind.DeliverySlot, state.Slot!, new SlotCommand.Start(LeadId(decision)));
        decision.Record(new LeadEvent.DeliveryStarted(state.Slot!, lease));
        return decision.ClearTimer(LeadTimers.Promise).SetTimer(LeadTimers.Until, lease);
    }

    private static Decision<LeadState> DecideComplete(Decision<LeadState> decision, LeadCommand.Complete command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision.Reject(LeadRejections.Closed);
        if (state.Phase is LeadPhase.Captured or LeadPhase.Waitlisted) return decision.Reject(LeadRejections.NotAdmitted);
        if (IsStageOfSlots(decision))
        {
            if (state.Phase is not LeadPhase.Started) return decision.Reject(LeadRejections.NotStarted);
            decision.Send(EntityKind.DeliverySlot, state.Slot!, new SlotCommand.Complete(LeadId(decision)));
        }
        else
        {
            if (state.Phase is not LeadPhase.Working || state.Person != command.Person) return decision.Reject(LeadRejections.NotTheirWork);
            TellPerson(decision, state.Person!, new SalespersonCommand.Finish(LeadId(decision), state.Stage!));
        }
        TellPool(decision, new PoolCommand.Done(LeadId(decision), command.Outcome));
        ClearTimers(decision);
        return command.Outcome is StageOutcome.Lost ? Lose(decision, command) : Pass(decision, command);
    }

    private static Decision<LeadState> Pass(Decision<LeadState> decision, LeadCommand.Complete command)
    {
        var stage = StageOf(decision);
        decision.Record(new LeadEvent.StagePassed(stage.Id, command.Person));
        // A deal is won once, also when the lead is reopened and passes again.
        if (stage.Wins && !decision.State.Won)
        {
            decision.Record(new LeadEvent.Won(command.Value));
            TellCampaign(decision, Outcome.Won);
        }
        if (decision.State.StageIndex + 1 < ProcessOf(decision).Stages.Length) return EnterStage(decision, decision.State.StageIndex + 1);
        decision.Record(new LeadEvent.Delivered());
        TellCampaign(decision, Outcome.Delivered);
        return TellContactEnded(decision);
    }

    private static Decision<LeadState> Lose(Decision<LeadState> decision, LeadCommand.Complete command)
    {
        var stage = decision.State.Stage!;
        var why = string.IsNullOrEmpty(command.Why) ? "no reason was given" : command.Why;
        decision.Record(new LeadEvent.Lost(stage, command.Person, new Reason("lost", $"Lost at {decision.State.Stage}: {why}.")));
        TellCampaign(decision, Outcome.Lost, stage);
        return TellContactEnded(decision);
    }

    private static Decision<LeadState> BreakPromise(Decision<LeadState> decision)
    {
        decision.Record(new LeadEvent.PromiseBroken(decision.State.Stage!));
        TellPool(decision, new PoolCommand.NotePromiseBroken(LeadId(decision)));
        return TellCampaign(decision, Outcome.PromiseBroken);
    }

    private static Decision<LeadState> NoteOverdue(Decision<LeadState> decision)
    {
        var lease = decision.Turn.Now + ProcessOf(decision).WorkLease;
        return decision.Record(new LeadEvent.DeliveryOverdue(lease)).SetTimer(LeadTimers.Until, lease);
    }

    private static void ReleaseHolders(Decision<LeadState> decision)
    {
        var state = decision.State;
        if (state.Person is { } person) TellPerson(decision, person, new SalespersonCommand.Release(LeadId(decision), state.Stage!));
        if (state.Slot is { } slot) ReleaseSlot(decision, slot, HeldUntil(state));
    }

    private static Decision<LeadState> ReleaseSlot(Decision<LeadState> decision, string slot, DateTimeOffset? heldUntil) =>
        decision.Send(EntityKind.DeliverySlot, slot, new SlotCommand.Release(LeadId(decision), heldUntil));

    private static DateTimeOffset? HeldUntil(LeadState state) => state.Phase is LeadPhase.Held ? state.Until : null;

    private static Reason WithDetail(Reason reason, string? why) =>
        string.IsNullOrEmpty(why) ? reason : reason with { Text = $"{reason.Text.TrimEnd('.')}: {why}" };
}
