using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>Counts a run from its committed turns, as an outsider would.</summary>
public sealed class Tally(Scenario scenario, SeedStreams seeds, VirtualHost host)
{
    private readonly Dictionary<string, LeadCount> leads = [];
    private readonly Dictionary<string, double> begunByPool = [];
    private readonly Dictionary<string, Arrival> came = [];
    private readonly SortedDictionary<int, int> offeredByWeek = [];
    private readonly string constraint = FluidBound.ConstraintOf(scenario);
    private int offered;
    private int signalChanges;

    /// <summary>A lead that would come.</summary>
    public void Offered(Arrival arrival)
    {
        offered++;
        var week = (int)((arrival.At - scenario.Start).TotalDays / 7);
        offeredByWeek[week] = offeredByWeek.GetValueOrDefault(week) + 1;
    }

    /// <summary>A lead that came.</summary>
    public void Captured(Arrival arrival) => came[arrival.LeadId] = arrival;

    /// <summary>Hears of committed turns.</summary>
    public void Hear(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.State is LeadState lead) HearLead(turn, lead);
            if (turn.Entity.Kind is EntityKind.Campaign && turn.At < scenario.End) signalChanges += turn.Events.Count(e => e is CampaignEvent.SignalChanged);
        }
    }

    /// <summary>The result.</summary>
    public Scorecard Close()
    {
        var admitted = leads.Values.Where(l => l.Admitted).ToArray();
        var unanswered = came.Keys.Where(id => !leads.TryGetValue(id, out var lead) || !lead.Taken).ToArray();
        var bound = FluidBound.Delivered(scenario, offeredByWeek);
        var days = scenario.Span.TotalDays * Math.Max(1, scenario.Campaigns.Length);
        return new Scorecard(
            offered, came.Count, admitted.Length, admitted.Count(l => l.Delivered && l.ServedInTime), Expected(),
            admitted.Count(l => l.Delivered && l.ServedInTime && l.Broken == 0), Share(admitted.Count(l => l.Broken > 0), admitted.Length),
            Share(admitted.Count(l => l.FirstBroken), admitted.Length), Utilization(), unanswered.Length, unanswered.Sum(CostOf), signalChanges / days,
            leads.Values.Count(l => l.LateStart), bound, Reachable.Delivered(scenario, seeds) ?? bound, host.TurnsTaken);
    }

    private void HearLead(CommittedTurn turn, LeadState state)
    {
        if (!leads.TryGetValue(turn.Entity.Key, out var lead)) leads[turn.Entity.Key] = lead = new LeadCount();
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case LeadEvent.Admitted:
                    lead.Admitted = turn.At < scenario.End;
                    break;
                case LeadEvent.Accepted:
                    lead.Taken = true;
                    Begin(lead, state.Pool!, turn.At);
                    break;
                case LeadEvent.DeliveryStarted:
                    Begin(lead, state.Pool!, turn.At);
                    break;
                case LeadEvent.PromiseBroken broken:
                    lead.Broken++;
                    if (broken.Stage == scenario.Process.Stages[0].Id) lead.FirstBroken = true;
                    if (scenario.Process.KindOf(state.Pool!) is PoolKind.Slots) lead.LateStart = true;
                    break;
                case LeadEvent.Delivered:
                    lead.Delivered = true;
                    break;
            }
        }
    }

    private void Begin(LeadCount lead, string pool, DateTimeOffset at)
    {
        if (at >= scenario.End) return;
        // What the constraint does after the end is not capacity that the bound counts.
        lead.ServedInTime |= pool == constraint;
        begunByPool[pool] = begunByPool.GetValueOrDefault(pool) + 1;
    }

    // From the first stage that the constraint serves on, every lead it served in time has its chance.
    private double Expected()
    {
        var from = scenario.Process.Stages.IndexOf(scenario.Process.Stages.First(s => s.Pool == constraint));
        return leads.Where(l => l.Value is { Admitted: true, ServedInTime: true }).Sum(l => scenario.DeliveryChance(came[l.Key].At, from));
    }

    private double Utilization() => scenario.Process.Pools
        .Select(p => FluidBound.CapacityOf(scenario, p.Id) is var capacity && capacity > 0 ? begunByPool.GetValueOrDefault(p.Id) / capacity : 0).DefaultIfEmpty(0).Max();

    private decimal CostOf(string leadId) => scenario.Campaigns.FirstOrDefault(c => c.Id == came[leadId].Campaign)?.CostPerLead ?? 0;

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private sealed class LeadCount
    {
        public bool Admitted { get; set; }
        public bool Taken { get; set; }
        public bool Delivered { get; set; }
        public bool ServedInTime { get; set; }
        public int Broken { get; set; }
        public bool FirstBroken { get; set; }
        public bool LateStart { get; set; }
    }
}
