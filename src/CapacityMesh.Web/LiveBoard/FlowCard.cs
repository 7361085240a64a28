using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Routing;

namespace CapacityMesh.Web.LiveBoard;

internal sealed record StageCard(string Id, string Pool, decimal Effort, decimal PassRate, double LearnedPassRate, double PromiseSeconds, bool Wins);

internal sealed record ProcessCard(int Version, decimal Risk, IReadOnlyList<PoolDefinition> Pools, IReadOnlyList<StageCard> Stages);

internal sealed record ConstraintCard(
    string Pool, DateTimeOffset Since, int Headroom, decimal Utilization, decimal SustainablePerWeek, string Explanation, NextView? Next, IReadOnlyList<string> Advice);

internal sealed record WaitlistCard(int Count, int Limit, DateTimeOffset? OldestSince);

internal sealed record TotalsCard(long Captured, long Admitted, long Waitlisted, long Deflected);

internal sealed record InflowPoint(DateTimeOffset At, int Captured, int Admitted, decimal Sustainable);

/// <summary>The workspace's Flow on the board: a pure function of its committed state and of the advice about it.</summary>
internal sealed record FlowCard(
    ProcessCard Process, string Gate, Reason? GateReason, ConstraintCard? Constraint, WaitlistCard Waitlist, TotalsCard Totals, IReadOnlyList<InflowPoint> Inflow,
    IReadOnlyList<ConstraintMove> Moves, long SpendVersion)
{
    public static FlowCard Of(FlowState flow, AdviceNote? note) => new(
        ProcessOf(flow), flow.Phase is GatePhase.Open ? "open" : "closed", GateWord.WhyClosed(flow), ConstraintOf(flow, note),
        new WaitlistCard(flow.Waitlist.Count, flow.Process.Waitlist.Limit, flow.Waitlist.ByAge.Min?.Since),
        new TotalsCard(flow.Totals.Captured, flow.Totals.Admitted, flow.Totals.Waitlisted, flow.Totals.Deflected),
        InflowOf(flow),
        flow.Moves, flow.SpendVersion);

    // By day, so that bars and line are the same unit: leads a day.
    private static IReadOnlyList<InflowPoint> InflowOf(FlowState flow) =>
        [.. (flow.ThisHour is { } hour ? flow.Hours.Add(hour) : flow.Hours).GroupBy(h => h.At.UtcDateTime.Date).Select(day => new InflowPoint(
            new DateTimeOffset(day.Key, TimeSpan.Zero), day.Sum(h => h.Captured), day.Sum(h => h.Admitted), decimal.Round(day.Last().SustainablePerWeek / 7, 2)))];

    private static ProcessCard ProcessOf(FlowState flow)
    {
        var learned = HeadroomModel.PassRates(flow.Process, flow.Pools);
        return new ProcessCard(flow.Process.Version, flow.Process.Risk, flow.Process.Pools, [.. flow.Process.Stages.Select((s, i) =>
            new StageCard(s.Id, s.Pool, s.Effort, s.PassRate, Math.Round(learned[i], 4), s.Promise.TotalSeconds, s.Wins))]);
    }

    private static ConstraintCard? ConstraintOf(FlowState flow, AdviceNote? note)
    {
        if (flow.Constraint is not { } constraint) return null;
        var measured = flow.Headroom.FirstOrDefault(h => h.Pool == constraint.Pool);
        return new ConstraintCard(
            constraint.Pool, constraint.Since, Math.Max(0, (measured?.Headroom ?? 0) - flow.AdmittedSince), measured?.Utilization ?? 0, flow.SustainablePerWeek,
            constraint.Explanation, ConstraintReply.NextOf(flow), Advice.Of(flow, note));
    }
}
