using System.Collections.Immutable;
using System.Diagnostics;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

public sealed partial class FlowMachine
{
    // Two weeks of hours: what the board draws.
    private const int HoursMax = 24 * 14;

    /// <summary>The legal moves of the gate.</summary>
    public static Lifecycle<GatePhase> Lifecycle { get; } = new(
    [
        (GatePhase.Closed, nameof(FlowEvent.GateOpened), GatePhase.Open),
        (GatePhase.Open, nameof(FlowEvent.GateClosed), GatePhase.Closed),
        .. Both(nameof(FlowEvent.ProcessDefined), nameof(FlowEvent.LeadArrived), nameof(FlowEvent.LeadAdmitted), nameof(FlowEvent.LeadWaitlisted),
            nameof(FlowEvent.LeadDeflected), nameof(FlowEvent.LeadLeftWaitlist), nameof(FlowEvent.AdmissionReturned), nameof(FlowEvent.PoolReported),
            nameof(FlowEvent.HeadroomMeasured), nameof(FlowEvent.ConstraintMoved), nameof(FlowEvent.ConstraintExplained),
            nameof(FlowEvent.CampaignReported), nameof(FlowEvent.SpendPlanned)),
    ]);

    private static IEnumerable<(GatePhase, string, GatePhase)> Both(params string[] facts) =>
        facts.SelectMany(f => new[] { (GatePhase.Closed, f, GatePhase.Closed), (GatePhase.Open, f, GatePhase.Open) });

    /// <inheritdoc/>
    public static FlowState Evolve(FlowState state, FlowEvent fact, DateTimeOffset at) => fact switch
    {
        FlowEvent.ProcessDefined e => state with { Process = e.Process, Versions = state.Versions.SetItem(e.Process.Version, e.Process) },
        FlowEvent.LeadArrived e => InHour(state, at, captured: 1) with
        {
            Totals = state.Totals with { Captured = state.Totals.Captured + 1 },
            Inflow = state.Inflow.SetItem(e.Campaign, (state.Inflow.GetValueOrDefault(e.Campaign) ?? CampaignInflow.None(at)).Plus(at, e.DelaySeconds)),
        },
        FlowEvent.LeadAdmitted e => InHour(state, at, admitted: 1) with
        {
            Totals = state.Totals with { Admitted = state.Totals.Admitted + 1 },
            SentTo = state.SentTo.SetItem(e.Pool, state.SentTo.GetValueOrDefault(e.Pool) + 1),
            AdmittedSince = state.AdmittedSince + 1,
            Waitlist = state.Waitlist.Remove(e.LeadId),
        },
        FlowEvent.LeadWaitlisted e => state with
        {
            Totals = state.Totals with { Waitlisted = state.Totals.Waitlisted + 1 },
            Waitlist = state.Waitlist.Add(e.Entry),
        },
        FlowEvent.LeadDeflected => state with { Totals = state.Totals with { Deflected = state.Totals.Deflected + 1 } },
        FlowEvent.LeadLeftWaitlist e => state with
        {
            Totals = state.Totals with { LeftWaitlist = state.Totals.LeftWaitlist + 1 },
            Waitlist = state.Waitlist.Remove(e.LeadId),
        },
        FlowEvent.AdmissionReturned e => state with
        {
            Totals = state.Totals with { Admitted = state.Totals.Admitted - 1 },
            SentTo = state.SentTo.SetItem(e.Pool, state.SentTo.GetValueOrDefault(e.Pool) - 1),
        },
        FlowEvent.PoolReported e => state with { Pools = state.Pools.SetItem(e.Report.Pool, e.Report) },
        FlowEvent.HeadroomMeasured e => state with { Headroom = e.Pools, AdmittedSince = 0 },
        FlowEvent.GateOpened => state with { Phase = GatePhase.Open },
        FlowEvent.GateClosed => state with { Phase = GatePhase.Closed },
        FlowEvent.ConstraintMoved e => state with
        {
            Constraint = new Constraint(e.To, at, e.Explanation, null, null),
            Moves = Bounded(state.Moves.Add(new ConstraintMove(at, e.From, e.To, e.Explanation)), Limits.ConstraintHistoryMax),
        },
        FlowEvent.ConstraintExplained e => state with { Constraint = state.Constraint! with { Explanation = e.Explanation, NextPool = e.NextPool, NextHeadroom = e.NextHeadroom } },
        FlowEvent.CampaignReported e => state with
        {
            Inflow = e.Changed && state.Campaigns.GetValueOrDefault(e.Report.Campaign) is { } before && state.Inflow.TryGetValue(e.Report.Campaign, out var inflow)
                ? state.Inflow.SetItem(e.Report.Campaign, inflow with { MultiplierBefore = before.Signal.Multiplier })
                : state.Inflow,
            Campaigns = state.Campaigns.SetItem(e.Report.Campaign, e.Report),
            SpendVersion = state.SpendVersion + (e.Changed ? 1 : 0),
        },
        FlowEvent.SpendPlanned e => state with { Plan = e.Shares, Inflow = WithDemand(state, e.Demand) },
        _ => throw new UnreachableException($"unknown event {fact}"),
    };

    // What a paused campaign would bring is remembered as it was last seen, not as it fades.
    private static ImmutableSortedDictionary<string, CampaignInflow> WithDemand(FlowState state, ImmutableSortedDictionary<string, decimal> demand)
    {
        var inflow = state.Inflow;
        foreach (var (campaign, perWeek) in demand)
        {
            var paused = state.Campaigns.GetValueOrDefault(campaign)?.Signal.Action is SpendAction.Pause;
            if (!paused && inflow.TryGetValue(campaign, out var known) && known.DemandPerWeek != perWeek) inflow = inflow.SetItem(campaign, known with { DemandPerWeek = perWeek });
        }
        return inflow;
    }

    private static FlowState InHour(FlowState state, DateTimeOffset at, int captured = 0, int admitted = 0)
    {
        var hour = new DateTimeOffset(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
        var running = state.ThisHour;
        if (running is not null && running.At == hour)
        {
            return state with { ThisHour = running with { Captured = running.Captured + captured, Admitted = running.Admitted + admitted, SustainablePerWeek = state.SustainablePerWeek } };
        }
        return state with
        {
            ThisHour = new InflowBucket(hour, captured, admitted, state.SustainablePerWeek),
            Hours = running is null ? state.Hours : Bounded(state.Hours.Add(running), HoursMax),
        };
    }

    private static ImmutableList<T> Bounded<T>(ImmutableList<T> list, int most) => list.Count > most ? list.RemoveRange(0, list.Count - most) : list;
}
