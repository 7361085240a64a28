using System.Diagnostics;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

/// <summary>Guards one person's capacity: open and reserved work never exceed their concurrency or their weekly budget, on any path.</summary>
public sealed class SalespersonMachine : IMachine<SalespersonState, SalespersonCommand, SalespersonEvent>
{
    // Three months of working spells: longer than any horizon that headroom looks at.
    private const int CalendarDays = 92;

    // The supply ahead changes as the clock moves; a quarter of a day is fine enough for promises of days.
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromHours(6);

    // Memory of about ten works: follows a person who becomes faster within a week or two.
    private const double WorkMeanGain = 0.1;

    private SalespersonMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Salesperson;

    /// <inheritdoc/>
    public static SalespersonState Initial { get; } = new();

    /// <summary>The legal moves.</summary>
    public static Lifecycle<SalespersonPhase> Lifecycle { get; } = new(
    [
        (SalespersonPhase.Unknown, nameof(SalespersonEvent.Configured), SalespersonPhase.Active),
        (SalespersonPhase.Removed, nameof(SalespersonEvent.Configured), SalespersonPhase.Active),
        .. Stay(nameof(SalespersonEvent.Configured), nameof(SalespersonEvent.CalendarExtended), nameof(SalespersonEvent.StatusSet),
            nameof(SalespersonEvent.Reserved), nameof(SalespersonEvent.Assigned), nameof(SalespersonEvent.Begun),
            nameof(SalespersonEvent.ContactNoted), nameof(SalespersonEvent.Released), nameof(SalespersonEvent.Finished)),
        (SalespersonPhase.Active, nameof(SalespersonEvent.Removed), SalespersonPhase.Removed),
        // Words of their leads that were on the way when they left.
        (SalespersonPhase.Removed, nameof(SalespersonEvent.Begun), SalespersonPhase.Removed),
        (SalespersonPhase.Removed, nameof(SalespersonEvent.ContactNoted), SalespersonPhase.Removed),
        (SalespersonPhase.Removed, nameof(SalespersonEvent.Released), SalespersonPhase.Removed),
        (SalespersonPhase.Removed, nameof(SalespersonEvent.Finished), SalespersonPhase.Removed),
    ]);

    private static IEnumerable<(SalespersonPhase, string, SalespersonPhase)> Stay(params string[] facts) =>
        facts.Select(f => (SalespersonPhase.Active, f, SalespersonPhase.Active));

    private static readonly Func<SalespersonState, IEvent, DateTimeOffset, SalespersonState> EvolveAny = (s, e, at) => Evolve(s, (SalespersonEvent)e, at);

    /// <inheritdoc/>
    public static Decision<SalespersonState> Decide(SalespersonState state, SalespersonCommand command, Turn turn)
    {
        var decision = new Decision<SalespersonState>(state, turn, EvolveAny);
        return command switch
        {
            SalespersonCommand.Configure c => DecideConfigure(decision, c),
            SalespersonCommand.Reserve c => DecideReserve(decision, c),
            SalespersonCommand.TimerElapsed => DecideTimerElapsed(decision),
            _ when state.Phase is SalespersonPhase.Unknown => decision.Reject(SalespersonRejections.Unknown),
            SalespersonCommand.SetStatus c => DecideSetStatus(decision, c),
            SalespersonCommand.Assign c => DecideAssign(decision, c),
            SalespersonCommand.Begin c => DecideBegin(decision, c),
            SalespersonCommand.NoteContact c => DecideNoteContact(decision, c),
            SalespersonCommand.Release c => Drop(decision, c.LeadId, c.Stage, new SalespersonEvent.Released(c.LeadId)),
            SalespersonCommand.Finish c => Drop(decision, c.LeadId, c.Stage, new SalespersonEvent.Finished(c.LeadId)),
            SalespersonCommand.Remove => DecideRemove(decision),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    private static Decision<SalespersonState> DecideConfigure(Decision<SalespersonState> decision, SalespersonCommand.Configure command)
    {
        var (profile, turn) = (command.Profile, decision.Turn);
        if (profile.Check(turn.World).Count > 0) return decision.Reject(SalespersonRejections.InvalidProfile);
        foreach (var left in decision.State.Profile.Pools.Except(profile.Pools))
        {
            TellLeft(decision, left);
        }
        decision.Record(new SalespersonEvent.Configured(profile, SalespersonCapacity.Expand(profile, turn.Now, CalendarDays, turn.World)));
        return ReportCapacity(PlanRefresh(decision));
    }

    private static Decision<SalespersonState> DecideSetStatus(Decision<SalespersonState> decision, SalespersonCommand.SetStatus command)
    {
        if (decision.State.Phase is SalespersonPhase.Removed) return decision.Reject(SalespersonRejections.Removed);
        if (decision.State.Status == command.Status) return decision;
        decision.Record(new SalespersonEvent.StatusSet(command.Status));
        if (command.Status is not PresenceStatus.Available) WithdrawUntouched(decision);
        return ReportCapacity(decision);
    }

    // Whoever goes away keeps the people they have spoken to; offers and work nobody has heard of yet go to somebody who is there.
    private static void WithdrawUntouched(Decision<SalespersonState> decision)
    {
        foreach (var held in decision.State.Work)
        {
            if (!held.Contacted) Withdraw(decision, held, new Reason("personAway", "The person went away before the first contact."));
        }
    }

    private static void Withdraw(Decision<SalespersonState> decision, HeldWork held, Reason because) =>
        decision.Send(EntityKind.Lead, held.LeadId, new LeadCommand.WorkWithdrawn(decision.Turn.Self.Key, held.Stage, because));

    private static Decision<SalespersonState> DecideReserve(Decision<SalespersonState> decision, SalespersonCommand.Reserve command)
    {
        var (state, turn, work) = (decision.State, decision.Turn, command.Work);
        // Held already: the lead has let it go, and that word is still on its way. Silence here would leave the lead with nobody.
        var held = state.Find(work.LeadId) is not null;
        var serves = state.Profile.Pools.Contains(work.Pool);
        if (held || !serves || !SalespersonCapacity.TakesOffers(state, turn.Now) || FullFor(state, work.Effort, turn.Now) is not null)
        {
            // A pool that believes in a member it has lost must not ask again and again.
            var report = SalespersonCapacity.ReportOf(state, turn.Now);
            return decision.Send(EntityKind.Pool, work.Pool, new PoolCommand.Refused(work.LeadId, turn.Self.Key, serves ? report : report with { Takes = false }));
        }
        decision.Record(new SalespersonEvent.Reserved(work.LeadId, work.Stage, work.Pool, work.Effort));
        decision.Send(EntityKind.Lead, work.LeadId, new LeadCommand.OfferMade(turn.Self.Key, work.Stage, turn.Now + command.OfferFor, command.Because) { Place = work.Place });
        return ReportCapacity(decision);
    }

    private static Decision<SalespersonState> DecideAssign(Decision<SalespersonState> decision, SalespersonCommand.Assign command)
    {
        var (state, turn, work) = (decision.State, decision.Turn, command.Work);
        if (state.Phase is SalespersonPhase.Removed) return decision.Reject(SalespersonRejections.Removed);
        var held = state.Find(work.LeadId);
        if (!command.Override)
        {
            if (!state.Profile.Pools.Contains(work.Pool)) return decision.Reject(SalespersonRejections.NotInPool);
            if (work.Skills.Except(state.Profile.Skills).Any()) return decision.Reject(SalespersonRejections.LacksSkill);
            if (!SalespersonCapacity.TakesOffers(state, turn.Now)) return decision.Reject(SalespersonRejections.NotAvailable);
        }
        if (held is null && FullFor(state, work.Effort, turn.Now) is { } full) return decision.Reject(full);
        if (held is { Open: true }) return decision;
        decision.Record(new SalespersonEvent.Assigned(work.LeadId, work.Stage, work.Pool, work.Effort));
        decision.Forward(turn.Self.Sibling(EntityKind.Lead, work.LeadId), new LeadCommand.AssignmentMade(turn.Self.Key, work.Stage));
        return ReportCapacity(decision);
    }

    private static Rejection? FullFor(SalespersonState state, decimal effort, DateTimeOffset now) =>
        SalespersonCapacity.FreePlaces(state) < 1 ? SalespersonRejections.ConcurrencyFull
        : SalespersonCapacity.FreeBudget(state, now) < effort ? SalespersonRejections.BudgetSpent
        : null;

    private static Decision<SalespersonState> DecideBegin(Decision<SalespersonState> decision, SalespersonCommand.Begin command)
    {
        if (decision.State.Find(command.LeadId) is { } held && held.Stage == command.Stage)
        {
            return held.Open ? decision : decision.Record(new SalespersonEvent.Begun(command.LeadId));
        }
        // Given to them while an earlier release of the same lead was on its way: that took the capacity, and no work goes on without.
        var because = new Reason("capacityGone", "The person's capacity was given back before the work began.");
        return decision.Send(EntityKind.Lead, command.LeadId, new LeadCommand.WorkWithdrawn(decision.Turn.Self.Key, command.Stage, because));
    }

    private static Decision<SalespersonState> DecideNoteContact(Decision<SalespersonState> decision, SalespersonCommand.NoteContact command) =>
        decision.State.Find(command.LeadId) is { Contacted: false } ? decision.Record(new SalespersonEvent.ContactNoted(command.LeadId)) : decision;

    // The stage tells an old message from a new reservation of the same lead.
    private static Decision<SalespersonState> Drop(Decision<SalespersonState> decision, string leadId, string stage, SalespersonEvent fact)
    {
        if (decision.State.Find(leadId) is not { } held || held.Stage != stage) return decision;
        return ReportCapacity(decision.Record(fact));
    }

    private static Decision<SalespersonState> DecideRemove(Decision<SalespersonState> decision)
    {
        if (decision.State.Phase is SalespersonPhase.Removed) return decision;
        foreach (var pool in decision.State.Profile.Pools) TellLeft(decision, pool);
        foreach (var held in decision.State.Work) Withdraw(decision, held, new Reason("personRemoved", "The person left."));
        return decision.Record(new SalespersonEvent.Removed()).ClearTimer(SalespersonTimers.Calendar);
    }

    // A report like any other, so that it takes the place of one that is still on its way: told beside it, the older one would bring them back.
    private static void TellLeft(Decision<SalespersonState> decision, string pool) =>
        decision.Report(decision.Turn.Self.Sibling(EntityKind.Pool, pool), new PoolCommand.MemberLeft(decision.Turn.Self.Key));

    private static Decision<SalespersonState> DecideTimerElapsed(Decision<SalespersonState> decision)
    {
        var (state, turn) = (decision.State, decision.Turn);
        if (state.Phase is not SalespersonPhase.Active) return decision;
        if (!state.Profile.Hours.IsEmpty && (state.Calendar.IsEmpty || state.Calendar[^1].To < turn.Now.AddDays(CalendarDays - 7)))
        {
            decision.Record(new SalespersonEvent.CalendarExtended(SalespersonCapacity.Expand(state.Profile, turn.Now, CalendarDays, turn.World)));
        }
        return ReportCapacity(PlanRefresh(decision));
    }

    private static Decision<SalespersonState> PlanRefresh(Decision<SalespersonState> decision) =>
        decision.SetTimer(SalespersonTimers.Calendar, SalespersonCapacity.NextChange(decision.State, decision.Turn.Now, RefreshEvery));

    private static Decision<SalespersonState> ReportCapacity(Decision<SalespersonState> decision)
    {
        if (decision.State.Phase is not SalespersonPhase.Active) return decision;
        var report = SalespersonCapacity.ReportOf(decision.State, decision.Turn.Now);
        foreach (var pool in decision.State.Profile.Pools)
        {
            decision.Report(decision.Turn.Self.Sibling(EntityKind.Pool, pool), new PoolCommand.MemberReported(decision.Turn.Self.Key, report));
        }
        return decision;
    }

    /// <inheritdoc/>
    public static SalespersonState Evolve(SalespersonState state, SalespersonEvent fact, DateTimeOffset at) =>
        Apply(state, fact, at) with { Revision = state.Revision + (fact is SalespersonEvent.Begun or SalespersonEvent.ContactNoted ? 0 : 1) };

    private static SalespersonState Apply(SalespersonState state, SalespersonEvent fact, DateTimeOffset at) => fact switch
    {
        SalespersonEvent.Configured e => state with { Phase = SalespersonPhase.Active, Profile = e.Profile, Calendar = e.Calendar },
        SalespersonEvent.CalendarExtended e => state with { Calendar = e.Calendar },
        SalespersonEvent.StatusSet e => state with { Status = e.Status },
        SalespersonEvent.Reserved e => Take(state, new HeldWork(e.LeadId, e.Stage, e.Pool, e.Effort, Open: false, at, Contacted: false), at),
        SalespersonEvent.Assigned e => Take(state, new HeldWork(e.LeadId, e.Stage, e.Pool, e.Effort, Open: true, at, Contacted: false), at),
        SalespersonEvent.Begun e => Change(state, e.LeadId, held => held with { Open = true, Since = at }),
        SalespersonEvent.ContactNoted e => Change(state, e.LeadId, held => held with { Contacted = true }),
        SalespersonEvent.Released e => Return(state, e.LeadId, refund: state.Find(e.LeadId) is { Contacted: false }),
        SalespersonEvent.Finished e => Return(Learn(state, state.Find(e.LeadId), at), e.LeadId, refund: false),
        SalespersonEvent.Removed => state with { Phase = SalespersonPhase.Removed, Status = PresenceStatus.Offline },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    private static SalespersonState Take(SalespersonState state, HeldWork held, DateTimeOffset at)
    {
        // An offer of the same lead that became an assignment: its effort is debited already.
        if (state.Find(held.LeadId) is not null) return Change(state, held.LeadId, _ => held);
        var debits = state.Debits.RemoveAll(d => d.At <= at - SalespersonCapacity.Week).Add(new Debit(held.LeadId, held.Effort, at));
        return state with { Work = state.Work.Add(held), Debits = debits, LastOfferedAt = at };
    }

    private static SalespersonState Change(SalespersonState state, string leadId, Func<HeldWork, HeldWork> change)
    {
        var held = state.Find(leadId);
        return held is null ? state : state with { Work = state.Work.Replace(held, change(held)) };
    }

    private static SalespersonState Return(SalespersonState state, string leadId, bool refund)
    {
        var held = state.Find(leadId);
        if (held is null) return state;
        var debits = state.Debits;
        var last = debits.Length - 1;
        while (last >= 0 && debits[last].LeadId != leadId) last--;
        return state with { Work = state.Work.Remove(held), Debits = refund && last >= 0 ? debits.RemoveAt(last) : debits };
    }

    private static SalespersonState Learn(SalespersonState state, HeldWork? held, DateTimeOffset at)
    {
        if (held is not { Open: true }) return state;
        var seconds = (at - held.Since).TotalSeconds;
        var mean = state.Finished == 0 ? seconds : state.WorkSecondsMean + (WorkMeanGain * (seconds - state.WorkSecondsMean));
        return state with { Finished = state.Finished + 1, WorkSecondsMean = mean };
    }
}
