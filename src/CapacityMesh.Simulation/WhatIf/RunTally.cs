using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Counts one future from its committed turns.</summary>
public sealed class RunTally(Picture picture, VirtualHost host, int weeks)
{
    private readonly List<WeekOutcome> closed = [];
    private readonly HashSet<string> broken = [];
    private readonly Dictionary<string, List<double>> waits = [];
    private readonly Dictionary<string, double> held = [];
    private readonly Dictionary<string, double> heldThisWeek = [];
    private readonly Dictionary<string, int> capturedBy = [];
    private readonly List<double> sustainable = [];
    private readonly int inProgress = picture.Leads.Values.Count(l => l.Phase is not LeadPhase.Waitlisted);
    private string? constraint = picture.Flow.Constraint?.Pool;
    private DateTimeOffset since = picture.At;
    private int admitted;
    private int won;
    private int delivered;
    private int turnedAway;

    /// <summary>When each week ends.</summary>
    public IEnumerable<DateTimeOffset> WeekEnds => Enumerable.Range(1, weeks).Select(w => picture.At.AddDays(7 * w));

    /// <summary>A lead came.</summary>
    public void Captured(string campaign) => capturedBy[campaign] = capturedBy.GetValueOrDefault(campaign) + 1;

    /// <summary>Hears of committed turns.</summary>
    public void Hear(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.State is LeadState lead) HearLead(turn, lead);
            else if (turn.Entity.Kind is EntityKind.Flow) HearFlow(turn);
        }
    }

    /// <summary>A week is over.</summary>
    public void CloseWeek()
    {
        Hold(host.Now);
        var longest = heldThisWeek.OrderByDescending(h => h.Value).ThenBy(h => h.Key, StringComparer.Ordinal).Select(h => h.Key).FirstOrDefault();
        closed.Add(new WeekOutcome(admitted, won, delivered, longest));
        heldThisWeek.Clear();
        (admitted, won, delivered) = (0, 0, 0);
        sustainable.Add((double)FlowNow().SustainablePerWeek);
    }

    /// <summary>The result.</summary>
    public RunOutcome Close()
    {
        var flow = FlowNow();
        var served = closed.Sum(w => w.Admitted) + inProgress;
        var total = held.Values.Sum();
        return new RunOutcome(
            capturedBy.Values.Sum(), [.. closed], served == 0 ? 0 : (double)broken.Count / served, turnedAway, flow.Waitlist.Count, sustainable.Count == 0 ? 0 : sustainable.Average(),
            held.ToImmutableSortedDictionary(h => h.Key, h => h.Value / total, StringComparer.Ordinal), flow.Constraint?.NextPool,
            waits.ToImmutableSortedDictionary(w => w.Key, w => WaitsOf(w.Value), StringComparer.Ordinal), Spend());
    }

    private void HearLead(CommittedTurn turn, LeadState lead)
    {
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case LeadEvent.Admitted: admitted++; break;
                case LeadEvent.Won: won++; break;
                case LeadEvent.Delivered: delivered++; break;
                case LeadEvent.Deflected or LeadEvent.Expired: turnedAway++; break;
                case LeadEvent.PromiseBroken: broken.Add(turn.Entity.Key); break;
                case LeadEvent.Accepted or LeadEvent.DeliveryStarted: Waited(lead.Pool!, turn.At - lead.Place); break;
            }
        }
    }

    private void HearFlow(CommittedTurn turn)
    {
        foreach (var fact in turn.Events)
        {
            if (fact is not FlowEvent.ConstraintMoved moved) continue;
            Hold(turn.At);
            constraint = moved.To;
        }
    }

    private void Hold(DateTimeOffset until)
    {
        if (constraint is not null)
        {
            var hours = (until - since).TotalHours;
            held[constraint] = held.GetValueOrDefault(constraint) + hours;
            heldThisWeek[constraint] = heldThisWeek.GetValueOrDefault(constraint) + hours;
        }
        since = until;
    }

    private void Waited(string pool, TimeSpan wait)
    {
        if (!waits.TryGetValue(pool, out var all)) waits[pool] = all = [];
        all.Add(wait.TotalHours);
    }

    private static WaitOutcome WaitsOf(List<double> hours)
    {
        hours.Sort();
        return new WaitOutcome(hours[hours.Count / 2], hours[(int)(0.9 * (hours.Count - 1))]);
    }

    private ImmutableSortedDictionary<string, double> Spend()
    {
        var spend = Picture.Empty<double>().ToBuilder();
        foreach (var (campaign, leads) in capturedBy)
        {
            if (picture.CostPerLead.GetValueOrDefault(campaign) is { } cost) spend[cost.Currency] = spend.GetValueOrDefault(cost.Currency) + (leads * (double)cost.Amount);
        }
        return spend.ToImmutable();
    }

    private FlowState FlowNow() => host.Find<FlowState>(EntityId.Flow(host.Workspace)) ?? picture.Flow;
}
