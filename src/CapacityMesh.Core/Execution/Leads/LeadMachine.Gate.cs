using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

// Before the first stage and after the last: the gate's word, merging, closing, reopening.
public sealed partial class LeadMachine
{
    private static Decision<LeadState> DecideOpen(Decision<LeadState> decision, LeadCommand.Open command)
    {
        var submission = command.Submission;
        if (decision.State.Phase is not LeadPhase.Captured) return AnswerCaptured(GiveVerdictBack(decision, command.Verdict), command.Verdict.Decision);
        if (decision.State.Contact.Length == 0)
        {
            decision.Record(new LeadEvent.Opened(submission.Contact, submission.Campaign, submission.OccurredAt, submission.Skills, submission.Value)
            {
                Touches = submission.Touches, Intent = submission.Intent, TimeZone = submission.TimeZone,
            });
            TellCampaign(decision, Outcome.Captured);
        }
        var verdict = command.Verdict;
        switch (verdict.Decision)
        {
            case IntakeDecision.Admitted:
                Admit(decision, verdict.ProcessVersion, verdict.Position, verdict.ExpectedAt, verdict.Reason);
                break;
            case IntakeDecision.Waitlisted:
                var until = decision.Turn.Now + decision.Turn.World.Process(decision.Turn.Self.Workspace, verdict.ProcessVersion).Waitlist.Expires;
                decision.Record(new LeadEvent.Waitlisted(verdict.Position ?? 1, verdict.ExpectedAt, until, verdict.Reason));
                decision.SetTimer(LeadTimers.Until, until);
                TellCampaign(decision, Outcome.Waitlisted);
                break;
            default:
                decision.Record(new LeadEvent.Deflected(verdict.Reason));
                TellCampaign(decision, Outcome.Deflected);
                TellContactEnded(decision);
                break;
        }
        return AnswerCaptured(decision, verdict.Decision);
    }

    // Over before the gate's word arrived, or let in by an earlier one: Flow must not count on this one.
    private static Decision<LeadState> GiveVerdictBack(Decision<LeadState> decision, Verdict verdict) => verdict.Decision switch
    {
        IntakeDecision.Admitted => decision.SendFlow(new FlowCommand.AdmissionUnused(LeadId(decision), verdict.ProcessVersion)),
        IntakeDecision.Waitlisted when decision.State.Phase is not LeadPhase.Waitlisted => decision.SendFlow(new FlowCommand.LeftWaitlist(LeadId(decision))),
        _ => decision,
    };

    private static Decision<LeadState> DecideAdmit(Decision<LeadState> decision, LeadCommand.Admit command)
    {
        // Closed while the gate's word was on its way: Flow takes the admission back.
        if (decision.State.Phase is not LeadPhase.Waitlisted) return decision.SendFlow(new FlowCommand.AdmissionUnused(LeadId(decision), command.Process));
        decision.ClearTimer(LeadTimers.Until);
        return Admit(decision, command.Process, position: null, expectedAt: null, command.Reason);
    }

    private static Decision<LeadState> Admit(Decision<LeadState> decision, int process, int? position, DateTimeOffset? expectedAt, Reason because)
    {
        decision.Record(new LeadEvent.Admitted(process, position, expectedAt, because));
        TellCampaign(decision, Outcome.Admitted);
        return EnterStage(decision, 0, fromGate: true);
    }

    // The contact believed this lead open; if it closed meanwhile, the contact has been told by now and starts a new one.
    private static Decision<LeadState> DecideMerge(Decision<LeadState> decision, LeadCommand.Merge command)
    {
        if (decision.State.IsClosed)
        {
            return decision.Forward(decision.Turn.Self.Sibling(EntityKind.Contact, command.Submission.Contact), new ContactCommand.Capture(command.Submission));
        }
        decision.Record(new LeadEvent.SignalNoted("captured", CapturePoints, command.Submission.Campaign));
        return AnswerCaptured(decision, IntakeDecision.Merged);
    }

    private static Decision<LeadState> DecideSignal(Decision<LeadState> decision, LeadCommand.Signal command)
    {
        if (decision.State.IsClosed) return decision;
        decision.Record(new LeadEvent.SignalNoted(command.Kind, command.Points, command.Campaign));
        if (command.Kind == ReplySignal) EndFollowUp(decision, LeadReasons.Replied);
        return decision;
    }

    private static Decision<LeadState> AnswerCaptured(Decision<LeadState> decision, IntakeDecision intake)
    {
        var state = decision.State;
        var reason = intake is IntakeDecision.Merged
            ? new Reason("merged", "An open lead of the same person took the signal.")
            : state.Because ?? new Reason("captured", "The lead was captured.");
        return decision.Answer(new Captured(LeadId(decision), intake, state.Stage, state.Position, state.ExpectedAt, reason));
    }

    private static Decision<LeadState> DecideWaitlistExpired(Decision<LeadState> decision)
    {
        decision.Record(new LeadEvent.Expired(LeadReasons.WaitlistExpired));
        decision.SendFlow(new FlowCommand.LeftWaitlist(LeadId(decision)));
        TellCampaign(decision, Outcome.Expired);
        return TellContactEnded(decision);
    }

    private static Decision<LeadState> DecideRetract(Decision<LeadState> decision, LeadCommand.Retract command)
    {
        var state = decision.State;
        if (state.IsClosed) return decision;
        switch (state.Phase)
        {
            case LeadPhase.Waitlisted:
                decision.SendFlow(new FlowCommand.LeftWaitlist(LeadId(decision)));
                break;
            case LeadPhase.Captured:
                break;
            default:
                ReleaseHolders(decision);
                TellPool(decision, new PoolCommand.Leave(LeadId(decision)));
                break;
        }
        decision.Record(new LeadEvent.Retracted(command.Because));
        // Erased before the gate spoke: nothing is known of the lead, and nobody is to be told.
        if (state.Contact.Length == 0) return decision;
        ClearTimers(decision);
        TellCampaign(decision, Outcome.Retracted);
        return TellContactEnded(decision);
    }

    private static Decision<LeadState> DecideReopen(Decision<LeadState> decision)
    {
        var state = decision.State;
        if (!state.IsClosed) return decision.Reject(LeadRejections.NotClosed);
        if (state.Because == LeadReasons.Erased) return decision.Reject(LeadRejections.Erased);
        decision.Record(new LeadEvent.Reopened());
        decision.Send(EntityKind.Contact, state.Contact, new ContactCommand.LeadReopened(LeadId(decision)));
        // One that never passed the gate stands before it again; the others go on where they ended, through the queue, so that capacity is debited.
        if (state.StageIndex >= 0) return EnterStage(decision, state.StageIndex);
        var submission = new Submission(LeadId(decision), state.Contact, state.Campaign, state.OccurredAt, state.Skills, state.Value);
        return decision.SendFlow(new FlowCommand.Admit(submission));
    }

    private static Decision<LeadState> TellContactEnded(Decision<LeadState> decision) =>
        decision.Send(EntityKind.Contact, decision.State.Contact, new ContactCommand.LeadEnded(LeadId(decision)));

    private static void ClearTimers(Decision<LeadState> decision) =>
        decision.ClearTimer(LeadTimers.Until).ClearTimer(LeadTimers.Promise).ClearTimer(LeadTimers.Contact).ClearTimer(LeadTimers.Touch);
}
