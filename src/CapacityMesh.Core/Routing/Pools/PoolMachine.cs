using System.Diagnostics;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// The queue in front of one resource. It plans on its picture of people and slots; they guard themselves and may refuse, and then the lead
/// waits again in its place.
/// </summary>
public sealed partial class PoolMachine : IMachine<PoolState, PoolCommand, PoolEvent>
{
    private PoolMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Pool;

    /// <inheritdoc/>
    public static PoolState Initial { get; } = new();

    private static readonly Func<PoolState, IEvent, DateTimeOffset, PoolState> EvolveAny = (s, e, at) => Evolve(s, (PoolEvent)e, at);

    /// <inheritdoc/>
    public static Decision<PoolState> Decide(PoolState state, PoolCommand command, Turn turn)
    {
        var decision = new Decision<PoolState>(state, turn, EvolveAny);
        _ = command switch
        {
            PoolCommand.Configure c => DecideConfigure(decision, c),
            PoolCommand.Enqueue c => DecideEnqueue(decision, c),
            PoolCommand.Requeue c => DecideRequeue(decision, c),
            PoolCommand.Taken c => DecideTaken(decision, c),
            PoolCommand.Done c => HasLead(state, c.LeadId) ? decision.Record(new PoolEvent.LeadDone(c.LeadId, c.Outcome)) : decision,
            PoolCommand.Leave c => HasLead(state, c.LeadId) ? decision.Record(new PoolEvent.LeadLeft(c.LeadId)) : decision,
            PoolCommand.NotePromiseBroken c => decision.Record(new PoolEvent.PromiseBroken(c.LeadId)),
            PoolCommand.MemberReported c => DecideMemberReported(decision, c),
            PoolCommand.MemberLeft c => state.Members.ContainsKey(c.Person) ? decision.Record(new PoolEvent.MemberLeft(c.Person)) : decision,
            PoolCommand.Refused c => DecideRefused(decision, c),
            PoolCommand.PlanSlot c => DecidePlanSlot(decision, c),
            PoolCommand.SlotReported c => NoteSlot(decision, c.Slot, c.Phase, c.StartsAt, c.EndsAt),
            // Taken to be held since it was handed out; where it is says its report.
            PoolCommand.SlotRefused c => RequeueIfPlacedWith(decision, c.LeadId, c.Slot),
            PoolCommand.TimerElapsed => DecideTimerElapsed(decision),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
        if (decision.Rejection is not null) return decision;
        HandOut(decision);
        PlanWake(decision, command);
        return decision.Events.Count == 0 ? decision : decision.Report(turn.Self.SiblingFlow, new FlowCommand.PoolReported(PoolReports.Of(turn.Self.Key, decision.State, turn.Now)));
    }

    private static Decision<PoolState> DecideConfigure(Decision<PoolState> decision, PoolCommand.Configure c)
    {
        var state = decision.State;
        return state.Phase is PoolPhase.Active && (state.Kind, state.OfferTimeout, state.HoldTimeout, state.ReofferAfter) == (c.Kind, c.OfferTimeout, c.HoldTimeout, c.ReofferAfter)
            ? decision
            : decision.Record(new PoolEvent.Configured(c.Kind, c.OfferTimeout, c.HoldTimeout, c.ReofferAfter));
    }

    private static Decision<PoolState> DecideEnqueue(Decision<PoolState> decision, PoolCommand.Enqueue command) =>
        HasLead(decision.State, command.Lead.LeadId) ? decision : decision.Record(new PoolEvent.LeadQueued(command.Lead));

    private static Decision<PoolState> DecideRequeue(Decision<PoolState> decision, PoolCommand.Requeue command) =>
        decision.State.Placed.ContainsKey(command.LeadId) || decision.State.Working.ContainsKey(command.LeadId)
            ? decision.Record(new PoolEvent.LeadRequeued(command.LeadId, command.LetGoBy))
            : decision;

    private static Decision<PoolState> DecideTaken(Decision<PoolState> decision, PoolCommand.Taken command)
    {
        var state = decision.State;
        var known = HasLead(state, command.LeadId);
        var same = state.Working.TryGetValue(command.LeadId, out var placed) && placed.Holder == command.Holder;
        return known && !same ? decision.Record(new PoolEvent.LeadTaken(command.LeadId, command.Holder)) : decision;
    }

    private static Decision<PoolState> DecideMemberReported(Decision<PoolState> decision, PoolCommand.MemberReported command)
    {
        var known = decision.State.Members.TryGetValue(command.Person, out var before);
        if (!known && decision.State.Members.Count >= Limits.PeoplePerPoolMax) return decision.Reject(PoolRejections.TooManyPeople);
        if (known && IsOlder(command.Report, before!)) return decision;
        return known && Same(before!, command.Report) ? decision : decision.Record(new PoolEvent.MemberReported(command.Person, command.Report));
    }

    private static bool IsOlder(MemberReport report, MemberReport known) => report.Revision < known.Revision;

    private static bool Same(MemberReport one, MemberReport other) =>
        one with { Skills = [], Startable = [] } == other with { Skills = [], Startable = [] }
        && one.Skills.SequenceEqual(other.Skills) && one.Startable.SequenceEqual(other.Startable);

    private static Decision<PoolState> DecideRefused(Decision<PoolState> decision, PoolCommand.Refused command)
    {
        // A report may have overtaken the refusal: then it knows better.
        if (decision.State.Members.TryGetValue(command.Person, out var known) && !IsOlder(command.Report, known)) decision.Record(new PoolEvent.MemberReported(command.Person, command.Report));
        // Somebody with room who refuses still holds this very lead: asking again at once would be refused again, for ever.
        var hasRoom = decision.State.Placed.TryGetValue(command.LeadId, out var placed)
            && Matching.Against(command.Report, command.Person, placed.Lead, decision.State.ReofferAfter, decision.Turn.Now) is null;
        return RequeueIfPlacedWith(decision, command.LeadId, command.Person, letGoBy: hasRoom ? command.Person : null);
    }

    private static Decision<PoolState> RequeueIfPlacedWith(Decision<PoolState> decision, string leadId, string holder, string? letGoBy = null) =>
        decision.State.Placed.TryGetValue(leadId, out var placed) && placed.Holder == holder
            ? decision.Record(new PoolEvent.LeadRequeued(leadId, letGoBy))
            : decision;

    private static Decision<PoolState> DecidePlanSlot(Decision<PoolState> decision, PoolCommand.PlanSlot command)
    {
        var (state, turn) = (decision.State, decision.Turn);
        if (state.Phase is PoolPhase.Unknown) return decision.Reject(PoolRejections.Unknown);
        if (state.Kind is not PoolKind.Slots) return decision.Reject(PoolRejections.NotOfSlots);
        if (command.EndsAt <= command.StartsAt) return decision.Reject(PoolRejections.EndsBeforeStart);
        if (command.EndsAt <= turn.Now) return decision.Reject(PoolRejections.InThePast);
        if (command.EndsAt > turn.Now + Limits.DurationMax) return decision.Reject(PoolRejections.TooFarAhead);
        var others = state.Slots.Where(s => s.Key != command.Slot && s.Value.Phase is not (SlotPhase.Completed or SlotPhase.Missed or SlotPhase.Withdrawn));
        if (others.Any(s => s.Value.StartsAt < command.EndsAt && command.StartsAt < s.Value.EndsAt)) return decision.Reject(PoolRejections.Overlaps);
        if (!state.Slots.ContainsKey(command.Slot) && state.Slots.Count >= Limits.SlotsPerPoolMax) return decision.Reject(PoolRejections.TooMany);
        // In the plan from now on, so that a second request cannot overlap it; open for leads once the slot itself reports.
        // If the slot refuses, it reports where it really is.
        NoteSlot(decision, command.Slot, state.Slots.GetValueOrDefault(command.Slot)?.Phase ?? SlotPhase.Unknown, command.StartsAt, command.EndsAt);
        return decision.Forward(turn.Self.Sibling(EntityKind.DeliverySlot, command.Slot), new SlotCommand.Configure(turn.Self.Key, command.StartsAt, command.EndsAt));
    }

    private static Decision<PoolState> NoteSlot(Decision<PoolState> decision, string slot, SlotPhase phase, DateTimeOffset startsAt, DateTimeOffset endsAt)
    {
        var report = new SlotReport(phase, startsAt, endsAt);
        var over = phase is SlotPhase.Completed or SlotPhase.Missed or SlotPhase.Withdrawn;
        var known = decision.State.Slots.TryGetValue(slot, out var before);
        if (over) return known ? decision.Record(new PoolEvent.SlotLeft(slot)) : decision;
        return before == report ? decision : decision.Record(new PoolEvent.SlotReported(slot, report));
    }

    // Plan on the picture; whoever is asked commits on the truth.
    private static void HandOut(Decision<PoolState> decision)
    {
        for (var handed = 0; handed < Limits.MatchesPerTurnMax; handed++)
        {
            if (Matching.Next(decision.State, decision.Turn.Now) is not { } match) return;
            decision.Record(new PoolEvent.LeadMatched(match.Lead.LeadId, match.Holder));
            if (decision.State.Kind is PoolKind.Slots)
            {
                decision.Send(EntityKind.DeliverySlot, match.Holder, new SlotCommand.Hold(match.Lead.LeadId, match.Lead.Stage, decision.State.HoldTimeout));
                continue;
            }
            var work = new WorkItem(match.Lead.LeadId, match.Lead.Stage, decision.Turn.Self.Key, match.Lead.Effort, match.Lead.Skills) { Place = match.Lead.Place };
            decision.Send(EntityKind.Salesperson, match.Holder, new SalespersonCommand.Reserve(work, decision.State.OfferTimeout, match.Because));
        }
        decision.Record(new PoolEvent.WakePlanned(decision.Turn.Now)).SetTimer(PoolTimers.Match, decision.Turn.Now);
    }

    // Somebody let a lead go: look again when they may be asked again. Looking at everyone who cools down happens only when the timer fires or
    // the rules change; between, only at the lead that this turn put back, whoever let it go and whenever.
    private static void PlanWake(Decision<PoolState> decision, PoolCommand command)
    {
        var next = command switch
        {
            PoolCommand.TimerElapsed or PoolCommand.Configure when decision.Events.Count > 0 => Matching.NextCoolDownEnd(decision.State.Waiting.ById.Values, decision.State.ReofferAfter, decision.Turn.Now),
            PoolCommand.Requeue c => CoolDownEndOf(decision, c.LeadId),
            PoolCommand.Refused c => CoolDownEndOf(decision, c.LeadId),
            _ => null,
        };
        if (next is { } due && !(decision.State.WakeAt <= due)) decision.Record(new PoolEvent.WakePlanned(due)).SetTimer(PoolTimers.Match, due);
    }

    private static DateTimeOffset? CoolDownEndOf(Decision<PoolState> decision, string leadId) =>
        decision.State.Waiting.Find(leadId) is { } waiting ? Matching.NextCoolDownEnd([waiting], decision.State.ReofferAfter, decision.Turn.Now) : null;

    private static Decision<PoolState> DecideTimerElapsed(Decision<PoolState> decision) =>
        decision.State.WakeAt <= decision.Turn.Now ? decision.Record(new PoolEvent.WakePlanned(null)) : decision;

    private static bool HasLead(PoolState state, string leadId) =>
        state.Waiting.Find(leadId) is not null || state.Placed.ContainsKey(leadId) || state.Working.ContainsKey(leadId);
}
