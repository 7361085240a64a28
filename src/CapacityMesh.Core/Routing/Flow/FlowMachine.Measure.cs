using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

// The cycle: 1 measure headroom, 2 let the waitlist in, 3 move the gate, 4 name the constraint, 5 plan the spend.
public sealed partial class FlowMachine
{
    // A plan that moves less than this is the same plan.
    private const decimal ShareStepMin = 0.05m;

    private static Decision<FlowState> Measure(Decision<FlowState> decision)
    {
        if (decision.State.Process.Version == 0) return decision;
        MeasureHeadroom(decision);
        DrainWaitlist(decision);
        MoveGate(decision);
        NameConstraint(decision);
        return PlanSpend(decision);
    }

    private static void MeasureHeadroom(Decision<FlowState> decision)
    {
        var measured = HeadroomModel.Measure(decision.State);
        if (decision.State.AdmittedSince > 0 || !measured.SequenceEqual(decision.State.Headroom)) decision.Record(new FlowEvent.HeadroomMeasured(measured));
    }

    private static void DrainWaitlist(Decision<FlowState> decision)
    {
        var now = decision.Turn.Now;
        for (var drained = 0; drained < Limits.DrainPerTurnMax && decision.State.Admissible > 0; drained++)
        {
            var process = decision.State.Process;
            if (decision.State.Waitlist.Next(now, process.Waitlist.Expires / 2) is not { } next) return;
            decision.Record(new FlowEvent.LeadAdmitted(next.LeadId, process.Stages[0].Pool));
            decision.Send(EntityKind.Lead, next.LeadId, new LeadCommand.Admit(process.Version, new Reason("drained", "Capacity freed, and it was next at the gate.")));
        }
        // More could come in than one turn lets: the next turn goes on at once.
        if (decision.State.Waitlist.Count > 0 && decision.State.Admissible > 0) decision.SetTimer(FlowTimers.Tick, now);
    }

    private static void MoveGate(Decision<FlowState> decision)
    {
        var why = GateWord.WhyClosed(decision.State);
        if (why is null && decision.State.Phase is GatePhase.Closed) decision.Record(new FlowEvent.GateOpened());
        if (why is not null && decision.State.Phase is GatePhase.Open) decision.Record(new FlowEvent.GateClosed(why));
    }

    private static void NameConstraint(Decision<FlowState> decision)
    {
        var state = decision.State;
        if (ConstraintFinder.Find(state.Headroom, state.Constraint?.Pool) is not { } found) return;
        var next = ConstraintFinder.After(state.Headroom, found.Pool);
        var explanation = ConstraintFinder.Explain(found, next);
        if (state.Constraint?.Pool != found.Pool) decision.Record(new FlowEvent.ConstraintMoved(state.Constraint?.Pool, found.Pool, explanation));
        var told = decision.State.Constraint!;
        if (told.Explanation != explanation || told.NextPool != next?.Pool || told.NextHeadroom != next?.Headroom)
        {
            decision.Record(new FlowEvent.ConstraintExplained(explanation, next?.Pool, next?.Headroom));
        }
    }

    private static Decision<FlowState> PlanSpend(Decision<FlowState> decision)
    {
        var state = decision.State;
        if (state.Process.Version == 0 || state.Headroom.IsEmpty) return decision;
        var demand = SpendPlanner.Demand(state, decision.Turn.Now);
        var shares = SpendPlanner.Shares(state, demand, decision.Turn.Now);
        if (!Moved(state.Plan, shares)) return decision;
        // The plan keeps what each campaign was last told, so that many small moves add up to one that counts.
        var told = shares;
        foreach (var (campaign, share) in shares)
        {
            if (state.Plan.TryGetValue(campaign, out var before) && !Moved(before, share)) told = told.SetItem(campaign, before);
        }
        decision.Record(new FlowEvent.SpendPlanned(told, demand));
        foreach (var (campaign, share) in told)
        {
            if (state.Plan.TryGetValue(campaign, out var before) && before == share) continue;
            decision.Send(EntityKind.Campaign, campaign, new CampaignCommand.Advise(new Advice(share, AdviceFor(state, share))));
        }
        return decision;
    }

    private static bool Moved(ImmutableSortedDictionary<string, decimal> before, ImmutableSortedDictionary<string, decimal> after)
    {
        if (before.Count != after.Count) return true;
        foreach (var (campaign, share) in after)
        {
            if (!before.TryGetValue(campaign, out var was) || Moved(was, share)) return true;
        }
        return false;
    }

    private static bool Moved(decimal before, decimal after) => Math.Abs(before - after) >= ShareStepMin || (after != before && after is 0 or 1);

    private static string AtTheGate(int leads) => leads == 1 ? "1 lead waits at the gate" : $"{leads} leads wait at the gate";

    private static Reason AdviceFor(FlowState state, decimal share)
    {
        if (share >= 1) return new Reason("capacityFree", $"The business carries {state.SustainablePerWeek:0.##} new leads a week and has room for {state.Admissible} now.");
        var pool = state.Constraint?.Pool ?? "the constraint";
        return share <= 0
            ? new Reason("capacitySaturated", $"{pool} is saturated: {(state.Waitlist.Count == 0 ? "it can take no new lead within its promise" : AtTheGate(state.Waitlist.Count))}.")
            : new Reason("capacityShort", $"{pool} carries {state.SustainablePerWeek:0.##} new leads a week; less is wanted than comes.");
    }
}
