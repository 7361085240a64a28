using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// How much each campaign may bring: desired inflow = what the system can carry in the long run, plus headroom that lies idle and what lacks of a small stock
/// at the gate, less what waits above it and what is still in flight from a former signal. Campaigns are filled by value per unit of the constraint (throughput accounting), so that the
/// worst use of the bottleneck yields first: the fractional knapsack, which this order solves exactly.
/// </summary>
public static class SpendPlanner
{
    // Stock at the gate that the plan aims at: what lacks of it is asked for as much as what exceeds it is withheld, or a business that is just busy would ease its campaigns in every
    // week of many leads and miss them in the next of few. Two days' worth; where numbers are small, as much as chance takes from a week of leads (twice the standard deviation).
    private const decimal StockDays = 2;
    private const double StockDeviations = 2;

    // Of a deviation, so much is made up for within a week: at 1 the plan chases chance (a third more signals), at 0.5 leads age at the gate.
    private const decimal CorrectedPerWeek = 0.7m;

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

    /// <summary>Leads on their way from clicks that a former signal let through and the present one would not; negative when fewer come than it lets.</summary>
    public static decimal InFlight(FlowState state, ImmutableSortedDictionary<string, decimal> demand, DateTimeOffset now)
    {
        var leads = 0m;
        foreach (var (campaign, inflow) in state.Inflow)
        {
            if (state.Campaigns.TryGetValue(campaign, out var report)) leads += inflow.InFlightOfBefore(report.Signal, report.Since, demand.GetValueOrDefault(campaign), now);
        }
        return leads;
    }

    /// <summary>New leads a week that the plan wants.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="inFlight">Leads in flight from former signals.</param>
    public static decimal DesiredPerWeek(FlowState state, decimal inFlight = 0)
    {
        var sustainable = state.SustainablePerWeek;
        var here = state.Waitlist.Count + inFlight;
        var deviation = state.Admissible + Stock(sustainable, state.Process.Waitlist.Expires) - here;
        return Math.Max(0, sustainable + (CorrectedPerWeek * deviation));
    }

    /// <summary>Leads at the gate that the plan aims at; never more than are let in within half of the time that one may wait there.</summary>
    /// <param name="sustainable">New leads a week that the business carries.</param>
    /// <param name="expires">Longest wait at the gate.</param>
    public static decimal Stock(decimal sustainable, TimeSpan expires)
    {
        var enough = Math.Max(sustainable * StockDays / 7, (decimal)(StockDeviations * Math.Sqrt((double)sustainable)));
        return Math.Min(enough, sustainable * (decimal)(expires / 2 / TimeSpan.FromDays(7)));
    }

    /// <summary>Share of its budget for each campaign, 0 to 1, in steps of a hundredth.</summary>
    public static ImmutableSortedDictionary<string, decimal> Shares(FlowState state, ImmutableSortedDictionary<string, decimal> demand, DateTimeOffset now)
    {
        var left = DesiredPerWeek(state, InFlight(state, demand, now));
        // Leads that no campaign can be asked to withhold take their part first.
        foreach (var (campaign, perWeek) in demand)
        {
            if (!state.Campaigns.ContainsKey(campaign) || campaign == Submission.Unattributed) left -= perWeek;
        }
        return Fill(Worths(state), left * (decimal)UnitsPerLead(state), demand);
    }

    /// <summary>The fractional knapsack: units of the constraint go to whoever makes the most of one, until none are left.</summary>
    /// <param name="worths">What each campaign takes and brings.</param>
    /// <param name="units">Units of the constraint a week.</param>
    /// <param name="demand">Leads a week that each campaign would bring with its full budget.</param>
    public static ImmutableSortedDictionary<string, decimal> Fill(IEnumerable<CampaignWorth> worths, decimal units, ImmutableSortedDictionary<string, decimal> demand)
    {
        var shares = PoolState.Empty<decimal>().ToBuilder();
        foreach (var worth in worths.OrderByDescending(w => w.ValuePerUnit).ThenBy(w => w.Campaign, StringComparer.Ordinal))
        {
            var wanted = demand.GetValueOrDefault(worth.Campaign) * (decimal)worth.UnitsPerLead;
            shares[worth.Campaign] = wanted <= 0 ? (units > 0 ? 1 : 0) : decimal.Round(Math.Clamp(units / wanted, 0, 1), 2);
            units -= Math.Min(Math.Max(0, units), wanted);
        }
        return shares.ToImmutable();
    }

    // Campaigns of about the same worth shall not change places with every deal: who spends keeps its place until another is so much better.
    private const double Incumbency = 0.1;

    private static IEnumerable<CampaignWorth> Worths(FlowState state)
    {
        var rates = HeadroomModel.PassRates(state.Process, state.Pools);
        var constraint = ConstraintOf(state);
        return state.Campaigns.Values.Select(c => CampaignWorth.Of(state.Process, rates, constraint, c))
            .Select(w => w with { ValuePerUnit = w.ValuePerUnit * (1 + (Incumbency * (double)state.Plan.GetValueOrDefault(w.Campaign))) });
    }

    private static double UnitsPerLead(FlowState state)
    {
        var constraint = ConstraintOf(state);
        return Math.Max(0.001, (double)(state.Headroom.FirstOrDefault(h => h.Pool == constraint)?.UnitLoad ?? 1));
    }

    private static string ConstraintOf(FlowState state) => state.Constraint?.Pool ?? state.Headroom.MinBy(h => h.SustainablePerWeek)?.Pool ?? "";
}
