using System.Diagnostics;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using static CapacityMesh.Core.Execution.SlotPhase;

namespace CapacityMesh.Core.Execution;

/// <summary>Guards one delivery slot: it serves one lead, and a hold lapses by the slot's own deadline.</summary>
public sealed class SlotMachine : IMachine<SlotState, SlotCommand, SlotEvent>
{
    private SlotMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.DeliverySlot;

    /// <inheritdoc/>
    public static SlotState Initial { get; } = new(Unknown, Pool: "", StartsAt: default, EndsAt: default, LeadId: null, HeldUntil: null);

    /// <summary>The legal moves.</summary>
    public static Lifecycle<SlotPhase> Lifecycle { get; } = new(
        (Unknown, nameof(SlotEvent.Planned), Open),
        (Withdrawn, nameof(SlotEvent.Planned), Open),
        (Open, nameof(SlotEvent.Planned), Open),
        (Open, nameof(SlotEvent.Held), Held),
        (Held, nameof(SlotEvent.HoldLapsed), Open),
        (Held, nameof(SlotEvent.Released), Open),
        (Open, nameof(SlotEvent.Booked), Booked),
        (Held, nameof(SlotEvent.Booked), Booked),
        (Booked, nameof(SlotEvent.Released), Open),
        (Booked, nameof(SlotEvent.Started), Started),
        (Started, nameof(SlotEvent.Completed), Completed),
        (Open, nameof(SlotEvent.Missed), Missed),
        (Held, nameof(SlotEvent.Missed), Missed),
        (Booked, nameof(SlotEvent.Missed), Missed),
        (Open, nameof(SlotEvent.Withdrawn), Withdrawn),
        (Held, nameof(SlotEvent.Withdrawn), Withdrawn),
        (Booked, nameof(SlotEvent.Withdrawn), Withdrawn));

    private static readonly Func<SlotState, IEvent, DateTimeOffset, SlotState> EvolveAny = (s, e, at) => Evolve(s, (SlotEvent)e, at);

    /// <inheritdoc/>
    public static Decision<SlotState> Decide(SlotState state, SlotCommand command, Turn turn)
    {
        var decision = new Decision<SlotState>(state, turn, EvolveAny);
        return command switch
        {
            SlotCommand.Configure c => DecideConfigure(decision, c),
            _ when state.Phase is Unknown => decision.Reject(SlotRejections.Unknown),
            SlotCommand.Hold c => DecideHold(decision, c),
            SlotCommand.Book c => DecideBook(decision, c),
            SlotCommand.Release c => DecideRelease(decision, c),
            SlotCommand.Start c => DecideStart(decision, c),
            SlotCommand.Complete c => DecideComplete(decision, c),
            SlotCommand.Withdraw => DecideWithdraw(decision),
            SlotCommand.TimerElapsed c => DecideTimerElapsed(decision, c),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    private static Decision<SlotState> DecideConfigure(Decision<SlotState> decision, SlotCommand.Configure command)
    {
        var state = decision.State;
        if (state.Phase is Completed or Missed) return Refuse(decision, command, SlotRejections.Over);
        if (state.Phase is Open or Held or Booked or Started && state.Pool != command.Pool) return Refuse(decision, command, SlotRejections.OtherPool);
        if (state.Phase is Held or Booked) return Refuse(decision, command, SlotRejections.TakenByAnotherLead);
        if (state.Phase is Started) return Refuse(decision, command, SlotRejections.InUse);
        if (state.Phase is Open && (state.StartsAt, state.EndsAt) == (command.StartsAt, command.EndsAt)) return decision;
        decision.Record(new SlotEvent.Planned(command.Pool, command.StartsAt, command.EndsAt));
        return TellPool(decision.SetTimer(SlotTimers.End, command.EndsAt));
    }

    // The pool has the slot in its plan already: together with the refusal it hears where the slot really is, so that it keeps no ghost of it.
    private static Decision<SlotState> Refuse(Decision<SlotState> decision, SlotCommand.Configure command, Rejection rejection)
    {
        var phase = decision.State.Pool == command.Pool ? decision.State.Phase : Withdrawn;
        decision.Answer(new Answer.Rejected(rejection));
        return decision.Report(
            decision.Turn.Self.Sibling(EntityKind.Pool, command.Pool),
            new PoolCommand.SlotReported(decision.Turn.Self.Key, phase, decision.State.StartsAt, decision.State.EndsAt));
    }

    private static Decision<SlotState> DecideHold(Decision<SlotState> decision, SlotCommand.Hold command)
    {
        var (state, turn) = (decision.State, decision.Turn);
        if (state.Phase is Held && state.LeadId == command.LeadId) return decision;
        if (state.Phase is not Open || turn.Now >= state.EndsAt)
        {
            return TellPool(decision.Send(EntityKind.Pool, state.Pool, new PoolCommand.SlotRefused(command.LeadId, turn.Self.Key)));
        }
        var until = turn.Now + command.For;
        if (until > state.EndsAt) until = state.EndsAt;
        decision.Record(new SlotEvent.Held(command.LeadId, until)).SetTimer(SlotTimers.Hold, until);
        decision.Send(EntityKind.Lead, command.LeadId, new LeadCommand.SlotHeld(turn.Self.Key, command.Stage, state.StartsAt, until));
        return TellPool(decision);
    }

    private static Decision<SlotState> DecideBook(Decision<SlotState> decision, SlotCommand.Book command)
    {
        var (state, turn) = (decision.State, decision.Turn);
        if (state.Phase is Booked or Started && state.LeadId == command.LeadId) return decision;
        if (AgainstBooking(state, command, turn.Now) is { } against)
        {
            // Nobody asks: the lead confirms a booking that it believes in.
            return turn.Ask is null ? TellLeadGone(decision, command.LeadId, new Reason(against.Code, against.Text)) : decision.Reject(against);
        }
        decision.Record(new SlotEvent.Booked(command.LeadId)).ClearTimer(SlotTimers.Hold);
        decision.Forward(turn.Self.Sibling(EntityKind.Lead, command.LeadId), new LeadCommand.SlotBooked(turn.Self.Key, command.Stage, state.StartsAt, state.EndsAt));
        return TellPool(decision);
    }

    private static Rejection? AgainstBooking(SlotState state, SlotCommand.Book command, DateTimeOffset now) => state.Phase switch
    {
        Withdrawn => SlotRejections.Withdrawn,
        _ when state.Phase is Missed or Completed || now >= state.EndsAt => SlotRejections.Over,
        _ when state.Pool != command.Pool => SlotRejections.OtherPool,
        Held or Booked or Started when state.LeadId != command.LeadId => SlotRejections.TakenByAnotherLead,
        _ => null,
    };

    private static Decision<SlotState> DecideRelease(Decision<SlotState> decision, SlotCommand.Release command)
    {
        if (decision.State.LeadId != command.LeadId) return decision;
        switch (decision.State.Phase)
        {
            case Held when command.HeldUntil is { } until && until != decision.State.HeldUntil:
                return decision;
            case Held or Booked:
                decision.Record(new SlotEvent.Released(command.LeadId)).ClearTimer(SlotTimers.Hold);
                return TellPool(decision);
            case Started:
                // Broken off: the time is used all the same.
                return TellPool(decision.Record(new SlotEvent.Completed(command.LeadId)));
            default:
                return decision;
        }
    }

    private static Decision<SlotState> DecideStart(Decision<SlotState> decision, SlotCommand.Start command)
    {
        if (decision.State is not { Phase: Booked } || decision.State.LeadId != command.LeadId) return decision;
        return TellPool(decision.Record(new SlotEvent.Started(command.LeadId)).ClearTimer(SlotTimers.End));
    }

    private static Decision<SlotState> DecideComplete(Decision<SlotState> decision, SlotCommand.Complete command) =>
        decision.State.Phase is Started && decision.State.LeadId == command.LeadId
            ? TellPool(decision.Record(new SlotEvent.Completed(command.LeadId)))
            : decision;

    private static Decision<SlotState> DecideWithdraw(Decision<SlotState> decision)
    {
        var state = decision.State;
        if (state.Phase is Withdrawn) return decision;
        if (state.Phase is Started) return decision.Reject(SlotRejections.InUse);
        if (state.Phase is Completed or Missed) return decision.Reject(SlotRejections.Over);
        decision.Record(new SlotEvent.Withdrawn(state.LeadId)).ClearTimer(SlotTimers.Hold).ClearTimer(SlotTimers.End);
        if (state.LeadId is { } lead) TellLeadGone(decision, lead, SlotReasons.Withdrawn);
        return TellPool(decision);
    }

    private static Decision<SlotState> DecideTimerElapsed(Decision<SlotState> decision, SlotCommand.TimerElapsed command)
    {
        var (state, now) = (decision.State, decision.Turn.Now);
        if (command.Name == SlotTimers.Hold && state is { Phase: Held, LeadId: { } held } && now >= state.HeldUntil)
        {
            decision.Record(new SlotEvent.HoldLapsed(held));
            return TellPool(TellLeadGone(decision, held, SlotReasons.HoldLapsed));
        }
        if (command.Name == SlotTimers.End && state.Phase is Open or Held or Booked && now >= state.EndsAt)
        {
            decision.Record(new SlotEvent.Missed(state.LeadId)).ClearTimer(SlotTimers.Hold);
            if (state.LeadId is { } lead) TellLeadGone(decision, lead, SlotReasons.Missed);
            return TellPool(decision);
        }
        return decision;
    }

    private static Decision<SlotState> TellLeadGone(Decision<SlotState> decision, string lead, Reason because) =>
        decision.Send(EntityKind.Lead, lead, new LeadCommand.SlotGone(decision.Turn.Self.Key, because));

    private static Decision<SlotState> TellPool(Decision<SlotState> decision)
    {
        var state = decision.State;
        return decision.Report(
            decision.Turn.Self.Sibling(EntityKind.Pool, state.Pool),
            new PoolCommand.SlotReported(decision.Turn.Self.Key, state.Phase, state.StartsAt, state.EndsAt));
    }

    /// <inheritdoc/>
    public static SlotState Evolve(SlotState state, SlotEvent fact, DateTimeOffset at) => fact switch
    {
        SlotEvent.Planned e => new SlotState(Open, e.Pool, e.StartsAt, e.EndsAt, LeadId: null, HeldUntil: null),
        SlotEvent.Held e => state with { Phase = Held, LeadId = e.LeadId, HeldUntil = e.Until },
        SlotEvent.HoldLapsed or SlotEvent.Released => state with { Phase = Open, LeadId = null, HeldUntil = null },
        SlotEvent.Booked e => state with { Phase = Booked, LeadId = e.LeadId, HeldUntil = null },
        SlotEvent.Started => state with { Phase = Started },
        SlotEvent.Completed => state with { Phase = Completed },
        SlotEvent.Missed => state with { Phase = Missed, LeadId = null, HeldUntil = null },
        SlotEvent.Withdrawn => state with { Phase = Withdrawn, LeadId = null, HeldUntil = null },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };
}
