using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// How much each campaign may bring: desired inflow = what the system can carry in the long run, plus headroom that lies idle, less the waitlist
/// above its target. Campaigns are filled by value per unit of the constraint (throughput accounting), so that the worst use of the bottleneck
/// yields first.
/// </summary>
public static class SpendPlanner
{
    // A day's worth of leads at the gate keeps the constraint busy when a campaign stutters; more only ages.
    private const decimal WaitlistTargetDays = 1;

    /// <summary>Demand a week of each campaign: what it brings now with its full budget; remembered while it pauses.</summary>
    public static ImmutableSortedDictionary<string, decimal> Demand(FlowState state, DateTimeOffset now)
    {
        var demand = PoolState.Empty<decimal>().ToBuilder();
        foreach (var (campaign, inflow) in state.Inflow)
        {
            var signal = state.Campaigns.GetValueOrDefault(campaign)?.Signal;
            var seen = inflow.PerWeek(now);
            demand[campaign] = signal switch
            {
                { Action: SpendAction.Pause } => inflow.Remembered(now),
                // The days seen were partly spent at another budget: what was seen while it ran bounds what is inferred from the eased days.
                { Action: SpendAction.Ease, Multiplier: > 0 and var multiplier } => Math.Max(seen, Math.Min(inflow.DemandPerWeek, decimal.Round(seen / multiplier, 2))),
                _ => seen,
            };
        }
        return demand.ToImmutable();
    }

    /// <summary>New leads a week that the plan wants.</summary>
    public static decimal DesiredPerWeek(FlowState state)
    {
        var sustainable = state.SustainablePerWeek;
        var target = sustainable / 7 * WaitlistTargetDays;
        var tooMany = Math.Max(0, state.Waitlist.Count - target);
        return Math.Max(0, sustainable + state.Admissible - tooMany);
    }

    /// <summary>Share of its budget for each campaign, 0 to 1, in steps of a hundredth.</summary>
    public static ImmutableSortedDictionary<string, decimal> Shares(FlowState state, ImmutableSortedDictionary<string, decimal> demand)
    {
        var left = DesiredPerWeek(state);
        // Leads that no campaign can be asked to withhold take their part first.
        foreach (var (campaign, perWeek) in demand)
        {
            if (!state.Campaigns.ContainsKey(campaign) || campaign == Submission.Unattributed) left -= perWeek;
        }
        var shares = PoolState.Empty<decimal>().ToBuilder();
        foreach (var report in ByWorth(state.Campaigns.Values))
        {
            var wanted = demand.GetValueOrDefault(report.Campaign);
            shares[report.Campaign] = wanted <= 0 ? (left > 0 ? 1 : 0) : decimal.Round(Math.Clamp(left / wanted, 0, 1), 2);
            left -= Math.Min(Math.Max(0, left), wanted);
        }
        return shares.ToImmutable();
    }

    // Every lead runs on the same process, so value per unit of the constraint orders campaigns as value per win does.
    private static IEnumerable<CampaignReport> ByWorth(IEnumerable<CampaignReport> campaigns) =>
        campaigns.OrderByDescending(c => c.ValuePerWin?.Amount ?? 0).ThenBy(c => c.Campaign, StringComparer.Ordinal);
}
