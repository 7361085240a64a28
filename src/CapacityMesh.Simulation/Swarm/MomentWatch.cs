using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Laws;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>Recognises moments in committed turns.</summary>
internal sealed class MomentWatch(Moments moments)
{
    private readonly HashSet<(string Slot, string Lead)> lapsed = [];
    private int newestProcess;

    public void See(TurnSeen turn)
    {
        switch (turn.Before)
        {
            case LeadState lead: See(turn, lead); break;
            case SlotState slot: See(turn, slot); break;
            case SalespersonState person: See(turn, person); break;
            case CampaignState campaign: See(turn, campaign); break;
            case ContactState contact when contact.OpenLead is not null && turn.Any<ContactEvent.Erased>(): moments.Note(Moment.ErasedWithOpenLead); break;
            case ContactState { OpenLead: { } open } when turn.Command is ContactCommand.LeadReopened again && again.LeadId != open: moments.Note(Moment.ReopenedBesideNewer); break;
            case FlowState flow: See(turn, flow); break;
            case PoolState when turn.Command is PoolCommand.Refused or PoolCommand.SlotRefused: moments.Note(Moment.PoolAskedInVain); break;
        }
    }

    public void See(Answer answer)
    {
        if (answer is not Answer.Rejected rejected) return;
        var code = rejected.Rejection.Code;
        if (code == LeadRejections.OfferExpired.Code) moments.Note(Moment.OfferAcceptedAfterExpiry);
        if (code == LeadRejections.NotOffered.Code) moments.Note(Moment.OfferAcceptedByAnother);
        if (code == SalespersonRejections.ConcurrencyFull.Code || code == SalespersonRejections.BudgetSpent.Code) moments.Note(Moment.AssignmentRefusedForCapacity);
    }

    private void See(TurnSeen turn, LeadState before)
    {
        var lead = turn.Entity.Key;
        if (turn.Command is LeadCommand.Merge && turn.Any<LeadEvent.SignalNoted>()) moments.Note(Moment.RepeatJoinedOpenLead);
        if (turn.Command is LeadCommand.SlotBooked booked && before.Slot is { } held && held != booked.Slot && turn.Any<LeadEvent.SlotBooked>()) moments.Note(Moment.AnotherSlotBooked);
        if (turn.Command is LeadCommand.Book book && lapsed.Contains((book.Slot, lead))) moments.Note(Moment.HoldLapsedWhileBooking);
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case LeadEvent.OfferEnded { Because.Code: "offerExpired" }: moments.Note(Moment.OfferUnanswered); break;
                case LeadEvent.OfferEnded { Because.Code: "reassigned" } or LeadEvent.Returned { Because.Code: "reassigned" }: moments.Note(Moment.LeadReassigned); break;
                case LeadEvent.Returned { Because.Code: "firstResponseMissed" }: moments.Note(Moment.FirstResponseMissed); break;
                case LeadEvent.Returned { Because.Code: "workUntouched" }: moments.Note(Moment.WorkRested); break;
                case LeadEvent.PromiseBroken: moments.Note(Moment.PromiseBroken); break;
                case LeadEvent.Reopened: moments.Note(Moment.LeadReopened); break;
                case LeadEvent.Retracted when before.Person is not null || before.Slot is not null: moments.Note(Moment.RetractedWhileHeld); break;
                case LeadEvent.Expired: moments.Note(Moment.WaitlistExpired); break;
                case LeadEvent.Deflected: moments.Note(Moment.Deflected); break;
                case LeadEvent.StageEntered when before.Process > 0 && before.Process < newestProcess: moments.Note(Moment.ProcessChangedInFlight); break;
            }
        }
    }

    private void See(TurnSeen turn, SlotState before)
    {
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case SlotEvent.HoldLapsed e: lapsed.Add((turn.Entity.Key, e.LeadId)); break;
                case SlotEvent.Held e: lapsed.Remove((turn.Entity.Key, e.LeadId)); break;
                case SlotEvent.Withdrawn { LeadId: not null }: moments.Note(Moment.SlotWithdrawnFromLead); break;
                case SlotEvent.Missed { LeadId: not null }: moments.Note(Moment.SlotMissedWithLead); break;
            }
        }
        if (turn.Command is SlotCommand.Book book && before.Phase is not SlotPhase.Held && lapsed.Contains((turn.Entity.Key, book.LeadId))) moments.Note(Moment.HoldLapsedWhileBooking);
    }

    private void See(TurnSeen turn, SalespersonState before)
    {
        if (turn.Any<SalespersonEvent.StatusSet>() && before.Status is PresenceStatus.Available && before.Work.Any(w => !w.Contacted)) moments.Note(Moment.PersonAwayMidWork);
        if (turn.Any<SalespersonEvent.Removed>() && before.Work.Length > 0) moments.Note(Moment.PersonRemovedWithWork);
    }

    private void See(TurnSeen turn, CampaignState before)
    {
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case CampaignEvent.HoldSet { Hold: not null }: moments.Note(Moment.HumanHeldCampaign); break;
                case CampaignEvent.HoldSet when turn.Command is CampaignCommand.TimerElapsed: moments.Note(Moment.HumanHoldEnded); break;
                case CampaignEvent.Proposed { Signal: null } when turn.Command is CampaignCommand.Approve: moments.Note(Moment.ProposalDecided); break;
                case CampaignEvent.SignalChanged { Signal.Action: SpendAction.Pause }: moments.Note(Moment.CampaignPaused); break;
                case CampaignEvent.SignalChanged when before.Signal.Action is SpendAction.Pause: moments.Note(Moment.CampaignResumed); break;
            }
        }
    }

    private void See(TurnSeen turn, FlowState before)
    {
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case FlowEvent.ProcessDefined e: newestProcess = e.Process.Version; break;
                case FlowEvent.AdmissionReturned: moments.Note(Moment.AdmissionUnused); break;
                case FlowEvent.LeadAdmitted e when before.Waitlist.PositionOf(e.LeadId) > 0: moments.Note(Moment.WaitlistDrained); break;
            }
        }
    }
}
