using System.Diagnostics;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Capture;

/// <summary>Identity: one person has at most one open lead; everything else they do joins it.</summary>
public sealed class ContactMachine : IMachine<ContactState, ContactCommand, ContactEvent>
{
    private ContactMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Contact;

    /// <inheritdoc/>
    public static ContactState Initial { get; } = new(ContactPhase.Unknown, OpenLead: null, Leads: 0, Signals: 0, LastSignalAt: null);

    /// <summary>The legal moves.</summary>
    public static Lifecycle<ContactPhase> Lifecycle { get; } = new(
        (ContactPhase.Unknown, nameof(ContactEvent.LeadStarted), ContactPhase.Engaged),
        (ContactPhase.Unknown, nameof(ContactEvent.SignalReceived), ContactPhase.Known),
        (ContactPhase.Known, nameof(ContactEvent.LeadStarted), ContactPhase.Engaged),
        (ContactPhase.Known, nameof(ContactEvent.LeadReopened), ContactPhase.Engaged),
        (ContactPhase.Known, nameof(ContactEvent.SignalReceived), ContactPhase.Known),
        (ContactPhase.Known, nameof(ContactEvent.Erased), ContactPhase.Erased),
        (ContactPhase.Engaged, nameof(ContactEvent.SignalReceived), ContactPhase.Engaged),
        (ContactPhase.Engaged, nameof(ContactEvent.LeadReopened), ContactPhase.Engaged),
        (ContactPhase.Engaged, nameof(ContactEvent.LeadEnded), ContactPhase.Engaged),
        (ContactPhase.Engaged, nameof(ContactEvent.LeadEnded), ContactPhase.Known),
        (ContactPhase.Engaged, nameof(ContactEvent.Erased), ContactPhase.Erased));

    private static readonly Func<ContactState, IEvent, DateTimeOffset, ContactState> EvolveAny = (s, e, at) => Evolve(s, (ContactEvent)e, at);

    /// <inheritdoc/>
    public static Decision<ContactState> Decide(ContactState state, ContactCommand command, Turn turn)
    {
        var decision = new Decision<ContactState>(state, turn, EvolveAny);
        return command switch
        {
            ContactCommand.Capture c => DecideCapture(decision, c),
            ContactCommand.Signal c => DecideSignal(decision, c),
            ContactCommand.LeadEnded c => DecideLeadEnded(decision, c),
            ContactCommand.LeadReopened c => DecideLeadReopened(decision, c),
            ContactCommand.Erase => DecideErase(decision),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    private static Decision<ContactState> DecideCapture(Decision<ContactState> decision, ContactCommand.Capture command)
    {
        var state = decision.State;
        var submission = command.Submission;
        if (state.Phase is ContactPhase.Erased) return decision.Reject(ContactRejections.Erased);
        if (state.OpenLead == submission.LeadId) return decision;
        if (state.OpenLead is { } open)
        {
            decision.Record(new ContactEvent.SignalReceived("captured", LeadMachine.CapturePoints));
            return decision.Forward(decision.Turn.Self.Sibling(EntityKind.Lead, open), new LeadCommand.Merge(submission));
        }
        var led = WithPast(submission, state, decision.Turn.Now);
        decision.Record(new ContactEvent.LeadStarted(submission.LeadId));
        return decision.Forward(decision.Turn.Self.SiblingFlow, new FlowCommand.Admit(led));
    }

    // What the person did before they asked belongs to the lead that it led to.
    private static Submission WithPast(Submission submission, ContactState state, DateTimeOffset now)
    {
        var intent = IntentScore.At(state.Intent, state.LastSignalAt, now);
        if (intent > 0) submission = submission with { Intent = intent };
        if (state.Touches.IsEmpty) return submission;
        // What is known of them by name, and what their browser had seen before that.
        return submission with { Touches = (submission.Touches ?? []).Concat(state.Touches).OrderBy(t => t.At).Aggregate(Touches.None, (all, touch) => all.Plus(touch)) };
    }

    private static Decision<ContactState> DecideSignal(Decision<ContactState> decision, ContactCommand.Signal command)
    {
        if (decision.State.Phase is ContactPhase.Erased) return decision.Reject(ContactRejections.Erased);
        decision.Record(new ContactEvent.SignalReceived(command.Kind, command.Points, command.Campaign));
        return decision.State.OpenLead is { } open
            ? decision.Send(EntityKind.Lead, open, new LeadCommand.Signal(command.Kind, command.Points, command.Campaign))
            : decision;
    }

    private static Decision<ContactState> DecideLeadEnded(Decision<ContactState> decision, ContactCommand.LeadEnded command) =>
        IsOpen(decision.State, command.LeadId) ? decision.Record(new ContactEvent.LeadEnded(command.LeadId)) : decision;

    private static bool IsOpen(ContactState state, string lead) => state.OpenLead == lead || state.AlsoOpen.Contains(lead);

    // Reopened while a newer lead of the same person is open: both live on; the newer one keeps the identity, until it ends.
    private static Decision<ContactState> DecideLeadReopened(Decision<ContactState> decision, ContactCommand.LeadReopened command) => decision.State.Phase switch
    {
        ContactPhase.Known => decision.Record(new ContactEvent.LeadReopened(command.LeadId)),
        // The lead had ended before its person was erased, and does not know.
        ContactPhase.Erased => decision.Send(EntityKind.Lead, command.LeadId, new LeadCommand.Retract(LeadReasons.Erased)),
        ContactPhase.Engaged when IsOpen(decision.State, command.LeadId) => decision,
        ContactPhase.Engaged when decision.State.AlsoOpen.Length < Limits.ReopenedBesideMax => decision.Record(new ContactEvent.LeadReopened(command.LeadId)),
        ContactPhase.Engaged => decision.Send(EntityKind.Lead, command.LeadId, new LeadCommand.Retract(TooManyOpen)),
        _ => decision,
    };

    private static readonly Reason TooManyOpen = new("tooManyOpenLeads", "The person has as many reopened leads as one person may have.");

    private static Decision<ContactState> DecideErase(Decision<ContactState> decision)
    {
        if (decision.State.Phase is ContactPhase.Unknown) return decision.Reject(ContactRejections.Unknown);
        if (decision.State.Phase is ContactPhase.Erased) return decision;
        // Nobody can serve a person whom we no longer know.
        if (decision.State.OpenLead is { } open) decision.Send(EntityKind.Lead, open, new LeadCommand.Retract(LeadReasons.Erased));
        foreach (var older in decision.State.AlsoOpen) decision.Send(EntityKind.Lead, older, new LeadCommand.Retract(LeadReasons.Erased));
        return decision.Record(new ContactEvent.Erased());
    }

    /// <inheritdoc/>
    public static ContactState Evolve(ContactState state, ContactEvent fact, DateTimeOffset at) => fact switch
    {
        ContactEvent.LeadStarted e => state with { Phase = ContactPhase.Engaged, OpenLead = e.LeadId, Leads = state.Leads + 1, Intent = 0, Touches = [] },
        ContactEvent.LeadReopened e when state.OpenLead is not null => state with { AlsoOpen = state.AlsoOpen.Add(e.LeadId) },
        ContactEvent.LeadReopened e => state with { Phase = ContactPhase.Engaged, OpenLead = e.LeadId },
        ContactEvent.LeadEnded e when state.AlsoOpen.Contains(e.LeadId) => state with { AlsoOpen = state.AlsoOpen.Remove(e.LeadId) },
        ContactEvent.LeadEnded when state.AlsoOpen is [.., var newest] => state with { OpenLead = newest, AlsoOpen = state.AlsoOpen[..^1] },
        ContactEvent.LeadEnded => state with { Phase = ContactPhase.Known, OpenLead = null },
        ContactEvent.SignalReceived e => Hear(state, e, at),
        ContactEvent.Erased => new ContactState(ContactPhase.Erased, OpenLead: null, state.Leads, state.Signals, LastSignalAt: null),
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    // While a lead is open, what the person shows belongs to it.
    private static ContactState Hear(ContactState state, ContactEvent.SignalReceived e, DateTimeOffset at)
    {
        var heard = state with { Phase = state.Phase is ContactPhase.Unknown ? ContactPhase.Known : state.Phase, Signals = state.Signals + 1, LastSignalAt = at };
        if (state.OpenLead is not null) return heard;
        return heard with
        {
            Intent = IntentScore.Plus(state.Intent, state.LastSignalAt, at, e.Points),
            Touches = e.Campaign is { } campaign ? state.Touches.Plus(new Touch(campaign, at, e.Kind)) : state.Touches,
        };
    }
}
