using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Feedback;

namespace CapacityMesh.Web.LiveBoard;

internal sealed record CampaignTotals(long Captured, long Admitted, long Waitlisted, long Deflected, long Won, long Lost, long Delivered);

/// <summary>A campaign on the board: a pure function of its committed state, of Flow's, and of the name.</summary>
internal sealed record CampaignCard(
    string Id, string Name, string Channel, SpendAction Action, decimal BudgetMultiplier, DateTimeOffset? Since, Reason Reason, SpendMode Mode, DateTimeOffset? HeldUntil, bool Held,
    ProposalView? Proposed, CampaignTotals Totals, Money? Spend, Money? ValuePerWin, decimal DemandPerWeek)
{
    public static CampaignCard Of(string id, CampaignState state, FlowState? flow, string? name) => new(
        id, name ?? id, state.Profile.Channel, state.Signal.Action, state.Signal.Multiplier, state.Since, state.Signal.Reason, state.Profile.Mode, state.Hold?.Until, state.Hold is not null,
        state.Proposed is { } p ? new ProposalView(p.Action, p.Multiplier, p.Reason) : null, TotalsOf(state), SpendOf(state), state.Profile.ValuePerWin, flow?.Inflow.GetValueOrDefault(id)?.DemandPerWeek ?? 0);

    private static CampaignTotals TotalsOf(CampaignState state) => new(
        state.CountOf(Outcome.Captured), state.CountOf(Outcome.Admitted), state.CountOf(Outcome.Waitlisted), state.CountOf(Outcome.Deflected),
        state.CountOf(Outcome.Won), state.CountOf(Outcome.Lost), state.CountOf(Outcome.Delivered));

    private static Money? SpendOf(CampaignState state)
    {
        Money? sum = null;
        foreach (var cost in state.Costs) sum = Money.Add(sum, cost.Amount);
        return sum;
    }
}
