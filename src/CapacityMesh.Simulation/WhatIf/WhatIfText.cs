using System.Globalization;
using System.Text;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>A report as a table for people.</summary>
public static class WhatIfText
{
    private const int Name = 26;
    private const int Column = 26;

    /// <summary>The table.</summary>
    public static string Of(WhatIfReport report)
    {
        var text = new StringBuilder();
        text.Append(report.Summary).Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Weeks} weeks, {report.Seeds} seeds from {report.Seed}: the middle, and in brackets where eight of ten lie\n");
        Line(text, "", "before", "after", "difference");
        Line(text, "constraint", Constraint(report.Before), Constraint(report.After), "");
        Line(text, "carries, leads a week", Cell(report.Before.SustainablePerWeek), Cell(report.After.SustainablePerWeek), Cell(report.Difference.SustainablePerWeek));
        Line(text, "captured", Cell(report.Before.Captured), Cell(report.After.Captured), "");
        Line(text, "admitted", Cell(report.Before.Admitted), Cell(report.After.Admitted), Cell(report.Difference.Admitted));
        Line(text, "won", Cell(report.Before.Won), Cell(report.After.Won), Cell(report.Difference.Won));
        Line(text, "delivered", Cell(report.Before.Delivered), Cell(report.After.Delivered), Cell(report.Difference.Delivered));
        Line(text, "broken promises, %", Cell(report.Before.BrokenPromises, 100), Cell(report.After.BrokenPromises, 100), Cell(report.Difference.BrokenPromises, 100));
        Line(text, "turned away", Cell(report.Before.TurnedAway), Cell(report.After.TurnedAway), "");
        Line(text, "at the gate in the end", Cell(report.Before.Waitlist), Cell(report.After.Waitlist), "");
        foreach (var wait in report.Before.Waits)
        {
            Line(text, $"wait for {wait.Pool}, hours", Cell(wait.P50Hours), report.After.Waits.FirstOrDefault(w => w.Pool == wait.Pool) is { } after ? Cell(after.P50Hours) : "", "");
        }
        foreach (var spend in report.Before.Spend)
        {
            Line(text, $"spend, {spend.Currency}", Cell(spend.Amount), Find(report.After.Spend, spend.Currency), Find(report.Difference.Spend, spend.Currency));
        }
        foreach (var assumed in report.Assumptions) text.Append("assumed: ").Append(assumed).Append('\n');
        return text.ToString();
    }

    private static string Constraint(Outlook side) =>
        side.Constraint.Pool is { } pool ? string.Create(CultureInfo.InvariantCulture, $"{pool} {side.Constraint.Share * 100:0} %") : "none";

    private static string Find(IReadOnlyList<SpendOutlook> spend, string currency) => spend.FirstOrDefault(s => s.Currency == currency) is { } found ? Cell(found.Amount) : "";

    private static string Cell(Spread spread, double times = 1) =>
        $"{WhatIfWords.Text(spread.P50 * times)} ({WhatIfWords.Text(spread.P10 * times)} to {WhatIfWords.Text(spread.P90 * times)})";

    private static void Line(StringBuilder text, string name, params string[] cells) =>
        text.Append(name.PadRight(Name)).AppendJoin("", cells.Select(c => c.PadLeft(Column))).Append('\n');
}
