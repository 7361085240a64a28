namespace CapacityMesh.Core.Routing;

/// <summary>
/// How a pass rate is learned from outcomes. The configured rate counts like twenty outcomes and fades like them; all outcomes fade, so that about the
/// last two hundred speak. A second, quick memory of about the last twenty watches for a step: when both differ by more than chance explains, what was
/// learned before is forgotten at once, the configured rate too.
/// </summary>
public static class PassRateLearning
{
    /// <summary>The configured rate counts like so many outcomes: a handful of early ones does not overturn it.</summary>
    public const double PriorOutcomes = 20;

    private const double Memory = 1 - (1.0 / 200);
    private const double QuickMemory = 1 - (1.0 / 20);

    // A step is believed with at least so many outcomes on either side, and never sooner.
    private const double RecentLeast = 12;
    private const double BeforeLeast = 10;

    // Deviations between the two memories that are believed to be a step: one false alarm in about 700 outcomes, which costs precision for a while
    // and nothing else; a rate that halves is found within fifty outcomes in nine runs of ten (tests: PassRateLearningTests).
    private const double Deviations = 2.1;

    /// <summary>The counts after one more outcome.</summary>
    public static StageCounts After(StageCounts counts, bool passed)
    {
        var next = counts with
        {
            Passed = (counts.Passed * Memory) + (passed ? 1 : 0),
            Lost = (counts.Lost * Memory) + (passed ? 0 : 1),
            RecentPassed = (counts.RecentPassed * QuickMemory) + (passed ? 1 : 0),
            RecentLost = (counts.RecentLost * QuickMemory) + (passed ? 0 : 1),
            PriorWeight = counts.PriorWeight * Memory,
            PassedTotal = counts.PassedTotal + (passed ? 1 : 0),
            LostTotal = counts.LostTotal + (passed ? 0 : 1),
        };
        return HasStepped(next) ? next with { Passed = next.RecentPassed, Lost = next.RecentLost, PriorWeight = 0 } : next;
    }

    /// <summary>The rate that they teach, 0 to 1.</summary>
    /// <param name="configured">The rate that the process says.</param>
    /// <param name="counts">What happened.</param>
    public static double Rate(double configured, StageCounts counts)
    {
        var prior = PriorOutcomes * counts.PriorWeight;
        var weight = prior + counts.Passed + counts.Lost;
        return weight <= 0 ? configured : ((configured * prior) + counts.Passed) / weight;
    }

    private static bool HasStepped(StageCounts counts)
    {
        var recent = counts.RecentPassed + counts.RecentLost;
        var before = counts.Passed + counts.Lost - recent;
        if (recent < RecentLeast || before < BeforeLeast) return false;
        var (rateNow, rateBefore) = (counts.RecentPassed / recent, (counts.Passed - counts.RecentPassed) / before);
        var rate = counts.Passed / (counts.Passed + counts.Lost);
        // A fading mean of weight n is as exact as 2n plain outcomes.
        var variance = rate * (1 - rate) * ((1 / (2 * recent)) + (1 / before));
        return variance > 0 && Math.Abs(rateNow - rateBefore) > Deviations * Math.Sqrt(variance);
    }
}
