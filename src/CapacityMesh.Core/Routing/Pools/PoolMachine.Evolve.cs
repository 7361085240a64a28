using System.Collections.Immutable;
using System.Diagnostics;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

public sealed partial class PoolMachine
{
    // Means follow about the last twenty leads.
    private const int MeanOf = 20;

    /// <summary>The legal moves: a pool lives in one phase; what changes is who waits and who is served.</summary>
    public static Lifecycle<PoolPhase> Lifecycle { get; } = new(
    [
        (PoolPhase.Unknown, nameof(PoolEvent.Configured), PoolPhase.Active),
        .. Stay(PoolPhase.Active, nameof(PoolEvent.Configured)),
        .. Both(nameof(PoolEvent.LeadQueued), nameof(PoolEvent.LeadRequeued), nameof(PoolEvent.LeadMatched), nameof(PoolEvent.LeadTaken),
            nameof(PoolEvent.LeadDone), nameof(PoolEvent.LeadLeft), nameof(PoolEvent.PromiseBroken), nameof(PoolEvent.MemberReported),
            nameof(PoolEvent.MemberLeft), nameof(PoolEvent.SlotReported), nameof(PoolEvent.SlotLeft), nameof(PoolEvent.WakePlanned)),
    ]);

    private static IEnumerable<(PoolPhase, string, PoolPhase)> Stay(PoolPhase phase, params string[] facts) => facts.Select(f => (phase, f, phase));

    private static IEnumerable<(PoolPhase, string, PoolPhase)> Both(params string[] facts) => [.. Stay(PoolPhase.Unknown, facts), .. Stay(PoolPhase.Active, facts)];

    /// <inheritdoc/>
    public static PoolState Evolve(PoolState state, PoolEvent fact, DateTimeOffset at) => fact switch
    {
        PoolEvent.Configured e => state with { Phase = PoolPhase.Active, Kind = e.Kind, OfferTimeout = e.OfferTimeout, HoldTimeout = e.HoldTimeout, ReofferAfter = e.ReofferAfter },
        PoolEvent.LeadQueued e => EvolveQueued(state, e.Lead, at),
        PoolEvent.LeadRequeued e => EvolveRequeued(state, e, at),
        PoolEvent.LeadMatched e => EvolveMatched(state, e, at),
        PoolEvent.LeadTaken e => EvolveTaken(state, e, at),
        PoolEvent.LeadDone e => EvolveDone(state, e),
        PoolEvent.LeadLeft e => Take(state, e.LeadId, out _),
        PoolEvent.PromiseBroken => state with { PromisesBroken = state.PromisesBroken + 1 },
        PoolEvent.MemberReported e => state with { Members = state.Members.SetItem(e.Person, e.Report) },
        PoolEvent.MemberLeft e => state with { Members = state.Members.Remove(e.Person) },
        PoolEvent.SlotReported e => state with { Slots = state.Slots.SetItem(e.Slot, e.Report) },
        PoolEvent.SlotLeft e => state with { Slots = state.Slots.Remove(e.Slot) },
        PoolEvent.WakePlanned e => state with { WakeAt = e.At },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    private static PoolState EvolveQueued(PoolState state, QueuedLead lead, DateTimeOffset at) =>
        Count(state, lead.Stage, c => c with { Queued = c.Queued + 1 }) with
        {
            Waiting = state.Waiting.Add(lead),
            ArrivedFromGate = state.ArrivedFromGate + (lead.FromGate ? 1 : 0),
            Arrivals = state.Arrivals + 1,
            ArrivalSecondsMean = Mean(state.ArrivalSecondsMean, state.Arrivals, (at - lead.AdmittedAt).TotalSeconds),
        };

    private static PoolState EvolveRequeued(PoolState state, PoolEvent.LeadRequeued fact, DateTimeOffset at)
    {
        var without = Take(state, fact.LeadId, out var lead);
        if (lead is null) return state;
        if (fact.LetGoBy is { } person)
        {
            lead = lead with { LetGo = lead.LetGo.RemoveAll(l => l.Person == person).Add(new LetGo(person, at)) };
        }
        return Count(without, lead.Stage, c => c with { Queued = c.Queued + 1 }) with { Waiting = without.Waiting.Add(lead) };
    }

    private static PoolState EvolveMatched(PoolState state, PoolEvent.LeadMatched fact, DateTimeOffset at)
    {
        var without = Take(state, fact.LeadId, out var lead);
        if (lead is null) return state;
        var placed = Count(without, lead.Stage, c => c with { Placed = c.Placed + 1 }) with
        {
            Placed = without.Placed.SetItem(fact.LeadId, new PlacedLead(lead, fact.Holder, at)),
        };
        if (state.Kind is PoolKind.Slots)
        {
            return state.Slots.TryGetValue(fact.Holder, out var slot) ? placed with { Slots = state.Slots.SetItem(fact.Holder, slot with { Phase = SlotPhase.Held }) } : placed;
        }
        return state.Members.TryGetValue(fact.Holder, out var member) ? placed with { Members = state.Members.SetItem(fact.Holder, Less(member, lead.Effort, at)) } : placed;
    }

    // What is handed out is gone from the supply ahead as well: the lead counts as queued no more, and headroom must not grow by asking somebody.
    private static MemberReport Less(MemberReport member, decimal effort, DateTimeOffset at) => member with
    {
        Free = member.Free - 1,
        Budget = member.Budget - effort,
        LastOfferedAt = at,
        Startable = [.. member.Startable.Select(units => Math.Max(0, units - effort))],
    };

    private static PoolState EvolveTaken(PoolState state, PoolEvent.LeadTaken fact, DateTimeOffset at)
    {
        var without = Take(state, fact.LeadId, out var lead);
        return lead is null ? state : Count(without, lead.Stage, c => c with { Working = c.Working + 1 }) with
        {
            Working = without.Working.SetItem(fact.LeadId, new PlacedLead(lead, fact.Holder, at)),
            WaitSecondsMean = Mean(state.WaitSecondsMean, state.WaitSecondsMean > 0 ? MeanOf : 0, (at - lead.Place).TotalSeconds),
        };
    }

    private static PoolState EvolveDone(PoolState state, PoolEvent.LeadDone fact)
    {
        var without = Take(state, fact.LeadId, out var lead);
        if (lead is null) return state;
        var passed = fact.Outcome is StageOutcome.Passed;
        return Count(without, lead.Stage, c => PassRateLearning.After(c, passed));
    }

    // Takes the lead out of wherever it is, and its count with it.
    private static PoolState Take(PoolState state, string leadId, out QueuedLead? lead)
    {
        if (state.Waiting.Find(leadId) is { } waiting)
        {
            lead = waiting.Lead;
            return Count(state, lead.Stage, c => c with { Queued = c.Queued - 1 }) with { Waiting = state.Waiting.Remove(leadId) };
        }
        if (state.Placed.TryGetValue(leadId, out var placed))
        {
            lead = placed.Lead;
            return Count(state, lead.Stage, c => c with { Placed = c.Placed - 1 }) with { Placed = state.Placed.Remove(leadId) };
        }
        if (state.Working.TryGetValue(leadId, out var working))
        {
            lead = working.Lead;
            return Count(state, lead.Stage, c => c with { Working = c.Working - 1 }) with { Working = state.Working.Remove(leadId) };
        }
        lead = null;
        return state;
    }

    private static PoolState Count(PoolState state, string stage, Func<StageCounts, StageCounts> change) =>
        state with { Stages = state.Stages.SetItem(stage, change(state.Stages.GetValueOrDefault(stage) ?? StageCounts.None(stage))) };

    // The plain mean of the first values, so that the first one is not half the truth for long; then it fades.
    private static double Mean(double mean, long before, double value) => mean + ((value - mean) / Math.Min(before + 1, MeanOf));
}
