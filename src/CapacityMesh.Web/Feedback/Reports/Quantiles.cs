namespace CapacityMesh.Web.Feedback.Reports;

/// <summary>How long something took: exact, by nearest rank, of everything in the range.</summary>
/// <param name="Count">How often it was measured.</param>
/// <param name="P50">Half took no longer.</param>
/// <param name="P90">Nine of ten took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
internal sealed record Quantiles(int Count, TimeSpan? P50, TimeSpan? P90, TimeSpan? P99)
{
    /// <summary>Of these spans; sorts them. One below zero, from a clock ahead of ours, counts as none.</summary>
    public static Quantiles Of(List<TimeSpan> spans)
    {
        spans.Sort();
        return spans.Count == 0 ? new Quantiles(0, null, null, null) : new Quantiles(spans.Count, At(spans, 50), At(spans, 90), At(spans, 99));
    }

    private static TimeSpan At(List<TimeSpan> sorted, int percent)
    {
        var rank = ((percent * sorted.Count) + 99) / 100;
        var span = sorted[Math.Max(1, rank) - 1];
        return span > TimeSpan.Zero ? span : TimeSpan.Zero;
    }
}
