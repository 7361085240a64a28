using System.Globalization;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Web.Routing;

/// <summary>
/// What to do about the constraint, in a few sentences: what was found out in futures of the workspace, or, until that is known, what the arithmetic of
/// flow says.
/// </summary>
internal static class Advice
{
    // A stage that loses more than it was thought to lose by this much is worth a look.
    private const double RateGap = 0.1;

    /// <summary>One to three sentences; none when nothing is known.</summary>
    public static IReadOnlyList<string> Of(FlowState flow, AdviceNote? note)
    {
        if (note is { Changes.Count: > 0 }) return [.. note.Changes.Select(c => c.Text)];
        if (flow.Constraint is not { } constraint || flow.Headroom.FirstOrDefault(h => h.Pool == constraint.Pool) is not { } tight) return [];
        var advice = new List<string>(3) { More(flow, tight) };
        if (Sharper(flow, tight) is { } sharper) advice.Add(sharper);
        if (tight.Headroom - flow.AdmittedSince <= 0) advice.Add("Until then spend less: what comes in above the sustainable rate only waits.");
        return advice;
    }

    private static string More(FlowState flow, PoolHeadroom tight)
    {
        var report = flow.Pools.GetValueOrDefault(tight.Pool);
        var ofSlots = flow.Process.Pools.FirstOrDefault(p => p.Id == tight.Pool)?.Kind is PoolKind.Slots;
        if (report is null or { People: 0 }) return ofSlots ? $"Plan slots in {tight.Pool}: nothing can be delivered without them." : $"Add somebody to {tight.Pool}: nobody serves it.";
        var more = ofSlots ? 7m / 30 : report.WeeklyCapacity / report.People;
        var after = tight.UnitLoad > 0 ? tight.SustainablePerWeek + (more / tight.UnitLoad) : tight.SustainablePerWeek;
        var next = flow.Headroom.Where(h => h.Pool != tight.Pool).MinBy(h => h.SustainablePerWeek);
        var what = ofSlots ? $"One more slot a month in {tight.Pool}" : $"One more person with {Text(more)} a week in {tight.Pool}";
        return next is not null && next.SustainablePerWeek < after
            ? $"{what} lifts the sustainable rate from {Text(flow.SustainablePerWeek)} to {Text(Math.Max(flow.SustainablePerWeek, next.SustainablePerWeek))} leads a week; then {next.Pool} limits."
            : $"{what} lifts the sustainable rate from {Text(flow.SustainablePerWeek)} to {Text(after)} leads a week.";
    }

    // Leads that fail late have used up the constraint for nothing: better ones cost no capacity.
    private static string? Sharper(FlowState flow, PoolHeadroom tight)
    {
        var rates = HeadroomModel.PassRates(flow.Process, flow.Pools);
        for (var i = 0; i < flow.Process.Stages.Length; i++)
        {
            var stage = flow.Process.Stages[i];
            if ((double)stage.PassRate - rates[i] > RateGap)
            {
                return $"{stage.Id} passes {Text((decimal)rates[i] * 100)} % of its leads, not {Text(stage.PassRate * 100)} % as planned: look at what {tight.Pool} is sent.";
            }
        }
        return null;
    }

    private static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
