using System.Globalization;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>The answer in a sentence or two.</summary>
public static class WhatIfWords
{
    // A range whose ends lie on both sides of nothing tells of nothing.
    private static bool IsPlain(Spread difference) => difference.P10 > 0 || difference.P90 < 0;

    /// <summary>What is changed, what that does to deliveries, and what limits then.</summary>
    public static string Summary(Picture picture, WhatIfQuestion question, Outlook before, Outlook after, Difference between)
    {
        var what = question.Changes.Count == 0 ? "As things are" : string.Join(", and ", question.Changes.Select(c => c.Say(picture)));
        var limits = $" {Limiting(before, after)}";
        if (question.Changes.Count == 0) return $"{what}: {Text(after.Delivered.P50)} delivered in {question.Weeks} weeks ({Text(after.Delivered.P10)} to {Text(after.Delivered.P90)}).{limits}";
        var delivered = $"delivered in {question.Weeks} weeks goes from {Text(before.Delivered.P50)} to {Text(after.Delivered.P50)} ({Signed(between.Delivered.P10)} to {Signed(between.Delivered.P90)})";
        return IsPlain(between.Delivered) ? $"{what}: {delivered}.{limits}" : $"{what}: {delivered}; that is within what chance alone does.{limits}";
    }

    private static string Limiting(Outlook before, Outlook after)
    {
        if (after.Constraint.Pool is not { } pool) return "Nothing limits.";
        var next = after.Constraint.Next is { } other && other != pool ? $"; {other} would be next" : "";
        return pool == before.Constraint.Pool ? $"{pool} still limits{next}." : $"{before.Constraint.Pool} limits no more, {pool} does{next}.";
    }

    /// <summary>A figure for people.</summary>
    public static string Text(double value) => value.ToString(Math.Abs(value) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value > 0 ? $"+{Text(value)}" : Text(value);
}
