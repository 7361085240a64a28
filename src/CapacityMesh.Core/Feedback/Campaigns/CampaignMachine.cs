using System.Collections.Immutable;
using System.Diagnostics;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Feedback;

/// <summary>
/// Money, outcomes, and the run/ease/pause machine. Order of authority: a human's hold, then approval where the mode asks for it, then dwell and the
/// hourly limit, then the plan.
/// </summary>
public sealed class CampaignMachine : IMachine<CampaignState, CampaignCommand, CampaignEvent>
{
    private CampaignMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Campaign;

    /// <inheritdoc/>
    public static CampaignState Initial { get; } = new();

    /// <summary>The legal moves of the signal.</summary>
    public static Lifecycle<SpendAction> Lifecycle { get; } = new(
    [
        .. Signals(),
        .. Stay(nameof(CampaignEvent.Configured), nameof(CampaignEvent.CostRecorded), nameof(CampaignEvent.Counted), nameof(CampaignEvent.Advised),
            nameof(CampaignEvent.Proposed), nameof(CampaignEvent.ProposalRefused), nameof(CampaignEvent.HoldSet), nameof(CampaignEvent.Acknowledged)),
    ]);

    private static IEnumerable<(SpendAction, string, SpendAction)> Signals() =>
        from one in Enum.GetValues<SpendAction>()
        from other in Enum.GetValues<SpendAction>()
        where one != other || one is SpendAction.Ease
        select (one, nameof(CampaignEvent.SignalChanged), other);

    private static IEnumerable<(SpendAction, string, SpendAction)> Stay(params string[] facts) =>
        Enum.GetValues<SpendAction>().SelectMany(a => facts.Select(f => (a, f, a)));

    private static readonly Func<CampaignState, IEvent, DateTimeOffset, CampaignState> EvolveAny = (s, e, at) => Evolve(s, (CampaignEvent)e, at);

    /// <inheritdoc/>
    public static Decision<CampaignState> Decide(CampaignState state, CampaignCommand command, Turn turn)
    {
        var decision = new Decision<CampaignState>(state, turn, EvolveAny);
        return command switch
        {
            CampaignCommand.Configure c => DecideConfigure(decision, c),
            CampaignCommand.Count c => DecideCount(decision, c),
            CampaignCommand.Advise c => DecideAdvise(decision, c),
            CampaignCommand.TimerElapsed => DecideTimerElapsed(decision),
            _ when !state.IsConfigured => decision.Reject(CampaignRejections.Unknown),
            CampaignCommand.RecordCost c => state.Costs.Contains(c.Cost) ? decision : decision.Record(new CampaignEvent.CostRecorded(c.Cost)),
            CampaignCommand.Approve => DecideApprove(decision),
            CampaignCommand.Reject => DecideReject(decision),
            CampaignCommand.Hold c => DecideHold(decision, c),
            CampaignCommand.Acknowledge c => state.Acknowledged == c.What ? decision : TellFlow(decision.Record(new CampaignEvent.Acknowledged(c.What))),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    private static Decision<CampaignState> DecideConfigure(Decision<CampaignState> decision, CampaignCommand.Configure command)
    {
        if (command.Profile.Check().Count > 0) return decision.Reject(CampaignRejections.InvalidProfile);
        decision.Record(new CampaignEvent.Configured(command.Profile));
        return TellFlow(Steer(decision));
    }

    private static Decision<CampaignState> DecideCount(Decision<CampaignState> decision, CampaignCommand.Count command)
    {
        var before = decision.State.Experience.Ended;
        decision.Record(new CampaignEvent.Counted(command.Outcome, command.Value, command.Stage));
        var ended = decision.State.Experience.Ended;
        return decision.State.IsConfigured && ended > before && ended % CampaignExperience.ToldEvery == 0 ? TellFlow(decision) : decision;
    }

    private static CampaignExperience Learn(CampaignState state, CampaignEvent.Counted fact) => fact switch
    {
        { Outcome: Outcome.Won } => state.Experience.PlusWon((fact.Value ?? state.Profile.ValuePerWin)?.Amount),
        { Outcome: Outcome.Lost, Stage: { } stage } => state.Experience.PlusLost(stage),
        _ => state.Experience,
    };

    private static Decision<CampaignState> DecideAdvise(Decision<CampaignState> decision, CampaignCommand.Advise command)
    {
        if (command.Advice.Share == decision.State.Advice.Share) return decision;
        decision.Record(new CampaignEvent.Advised(command.Advice));
        return Steer(decision);
    }

    private static Decision<CampaignState> DecideApprove(Decision<CampaignState> decision)
    {
        if (decision.State.Proposed is not { } proposed) return decision.Reject(CampaignRejections.NothingProposed);
        return Change(decision.Record(new CampaignEvent.Proposed(null)), proposed);
    }

    private static Decision<CampaignState> DecideReject(Decision<CampaignState> decision)
    {
        if (decision.State.Proposed is not { } proposed) return decision.Reject(CampaignRejections.NothingProposed);
        return TellFlow(decision.Record(new CampaignEvent.ProposalRefused(proposed)));
    }

    private static Decision<CampaignState> DecideHold(Decision<CampaignState> decision, CampaignCommand.Hold command)
    {
        if (command.Until <= decision.Turn.Now) return decision.Reject(CampaignRejections.HoldInThePast);
        var hold = command.Action is { } action ? new HumanHold(action, command.Why, command.Until) : null;
        if (hold == decision.State.Hold) return decision;
        decision.Record(new CampaignEvent.HoldSet(hold));
        if (command.Until is { } until) decision.SetTimer(CampaignTimers.Hold, until);
        else decision.ClearTimer(CampaignTimers.Hold);
        return TellFlow(Steer(decision));
    }

    private static Decision<CampaignState> DecideTimerElapsed(Decision<CampaignState> decision)
    {
        var hold = decision.State.Hold;
        // A hold that ends is news for the spend table even when the signal stays.
        return Steer(decision).State.Hold == hold ? decision : TellFlow(decision);
    }

    // From what is wanted to what holds, through everything that may stand between.
    private static Decision<CampaignState> Steer(Decision<CampaignState> decision)
    {
        var now = decision.Turn.Now;
        if (decision.State.Hold is { Until: { } until } && until <= now) decision.Record(new CampaignEvent.HoldSet(null));
        var state = decision.State;
        if (state.Hold is { } hold)
        {
            if (state.Proposed is not null) decision.Record(new CampaignEvent.Proposed(null));
            var multiplier = hold.Action switch { SpendAction.Run => 1m, SpendAction.Pause => 0m, _ => state.Signal.Action is SpendAction.Ease ? state.Signal.Multiplier : 0.5m };
            return hold.Action == state.Signal.Action ? decision : Change(decision, new Signal(hold.Action, multiplier, new Reason("heldByHuman", "A person decided so.")));
        }
        var wanted = Wanted(state);
        if (wanted.SameAs(state.Signal))
        {
            return state.Proposed is null ? decision : TellFlow(decision.Record(new CampaignEvent.Proposed(null)));
        }
        if (state.Profile.Mode is SpendMode.Propose)
        {
            return wanted.SameAs(state.Proposed) || wanted.SameAs(state.Refused) ? decision : TellFlow(decision.Record(new CampaignEvent.Proposed(wanted)));
        }
        // The mode changed from propose to apply: nothing waits for approval any more.
        if (state.Proposed is not null) TellFlow(decision.Record(new CampaignEvent.Proposed(null)));
        var earliest = EarliestChange(state, now);
        return earliest > now ? decision.SetTimer(CampaignTimers.Dwell, earliest) : Change(decision, wanted);
    }

    // A capped step may not be the last: look again when the dwell is over.
    private static Decision<CampaignState> Change(Decision<CampaignState> decision, Signal signal)
    {
        decision.Record(new CampaignEvent.SignalChanged(signal));
        var state = decision.State;
        var isLast = state.Hold is not null || Wanted(state).SameAs(state.Signal);
        return TellFlow(isLast ? decision : decision.SetTimer(CampaignTimers.Dwell, EarliestChange(state, decision.Turn.Now)));
    }

    // Dwell and steps protect what a platform has learned: what was paused before a lead ever came, as while a business is set up, goes on as if it were new.
    private static Signal Wanted(CampaignState state) =>
        SignalPolicy.Next(state.IsPausedBeforeItBegan ? Signal.Start with { Reason = state.Advice.Reason } : state.Signal, state.Advice.Share, state.Advice.Reason);

    private static DateTimeOffset EarliestChange(CampaignState state, DateTimeOffset now)
    {
        var isNew = state.ChangesTotal == 0 || state.IsPausedBeforeItBegan;
        var earliest = isNew ? now : (state.Since ?? now) + state.Profile.MinDwell;
        var recent = state.Changes.Where(c => c > now.AddHours(-1)).ToArray();
        if (recent.Length < state.Profile.ChangesPerHour) return earliest;
        var byLimit = recent[^state.Profile.ChangesPerHour].AddHours(1);
        return byLimit > earliest ? byLimit : earliest;
    }

    private static Decision<CampaignState> TellFlow(Decision<CampaignState> decision)
    {
        var state = decision.State;
        return decision.Report(decision.Turn.Self.SiblingFlow, new FlowCommand.CampaignReported(new CampaignReport(
            decision.Turn.Self.Key, state.Profile.Channel, state.Profile.ValuePerWin, state.Profile.OnSilence, state.Profile.Mode, state.Signal, state.Since ?? decision.Turn.Now,
            state.Proposed, state.Hold, state.Experience.Ended < CampaignExperience.ToldEvery ? null : state.Experience)));
    }

    /// <inheritdoc/>
    public static CampaignState Evolve(CampaignState state, CampaignEvent fact, DateTimeOffset at) => fact switch
    {
        CampaignEvent.Configured e => state with { IsConfigured = true, Profile = e.Profile, Since = state.Since ?? at },
        CampaignEvent.CostRecorded e => state with { Costs = WithCost(state.Costs, e.Cost) },
        CampaignEvent.Counted e => state with
        {
            Outcomes = state.Outcomes.SetItem((int)e.Outcome, state.CountOf(e.Outcome) + 1),
            Experience = Learn(state, e),
            WonValue = e.Outcome is Outcome.Won ? Money.Add(state.WonValue, e.Value ?? state.Profile.ValuePerWin) : state.WonValue,
        },
        CampaignEvent.Advised e => state with { Advice = e.Advice },
        CampaignEvent.Proposed e => state with { Proposed = e.Signal, Refused = e.Signal is null ? state.Refused : null },
        CampaignEvent.ProposalRefused e => state with { Proposed = null, Refused = e.Signal },
        CampaignEvent.SignalChanged e => state with
        {
            Signal = e.Signal,
            Since = at,
            Refused = null,
            Changes = state.Changes.RemoveAll(c => c <= at.AddHours(-1)).Add(at),
            ChangesTotal = state.IsPausedBeforeItBegan ? 0 : state.ChangesTotal + 1,
        },
        CampaignEvent.HoldSet e => state with { Hold = e.Hold },
        CampaignEvent.Acknowledged e => state with { Acknowledged = e.What },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    private static ImmutableArray<DayCost> WithCost(ImmutableArray<DayCost> costs, DayCost cost)
    {
        var rest = costs.RemoveAll(c => c.Day == cost.Day).Add(cost).Sort((a, b) => a.Day.CompareTo(b.Day));
        return rest.Length > Limits.CostDaysMax ? rest.RemoveRange(0, rest.Length - Limits.CostDaysMax) : rest;
    }
}
