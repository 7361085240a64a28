namespace CapacityMesh.Core.Routing;

/// <summary>
/// How a pass rate is learned from outcomes: by two memories, of about the last one or two hundred outcomes and of about the last sixteen, each trusted as far as it
/// foretold the outcomes that came (experts with a fixed share: Herbster and Warmuth 1998). While the rate is steady the long memory foretells better; after
/// a step the quick one does, until the long one has followed. Nothing is forgotten at once, so a suspicion that was wrong passes by itself.
/// </summary>
public static class PassRateLearning
{
    /// <summary>The configured rate counts like so many outcomes: a handful of early ones does not overturn it.</summary>
    public const double PriorOutcomes = 20;

    private const double Forgets = 1.0 / 200;
    private const double QuickForgets = 1.0 / 16;

    // While the quick memory is trusted, the long one forgets a little faster as well, and follows the step in a hundred outcomes instead of three hundred.
    private const double Follows = 0.15;

    // The quick memory leans on so many outcomes at the long one's rate: it never says never.
    private const double QuickPrior = 2;

    // With fewer recent outcomes the quick memory is not heard: a dozen equal ones are not a step.
    private const double RecentLeast = 10;

    // With each outcome so much of the trust changes sides: a steady rate may step, and one that stepped is steady again. Chosen so that a step of 0.4 to
    // 0.2 or 0.6 is found within fifty outcomes in 95 of 100 runs (tests: PassRateLearningTests; what it costs: docs/concepts/model-cards.md).
    private const double Share = 0.03;

    /// <summary>The counts after one more outcome.</summary>
    public static StageCounts After(StageCounts counts, bool passed)
    {
        var trust = TrustAfter(counts, passed);
        var memory = 1 - Mixed(Forgets, QuickForgets, Follows * trust);
        var (won, lost) = passed ? (1, 0) : (0, 1);
        return counts with
        {
            Passed = (counts.Passed * memory) + won,
            Lost = (counts.Lost * memory) + lost,
            RecentPassed = (counts.RecentPassed * (1 - QuickForgets)) + won,
            RecentLost = (counts.RecentLost * (1 - QuickForgets)) + lost,
            RecentTrust = trust,
            PriorWeight = counts.PriorWeight * memory,
            PassedTotal = counts.PassedTotal + won,
            LostTotal = counts.LostTotal + lost,
        };
    }

    /// <summary>The rate that they teach, 0 to 1.</summary>
    /// <param name="configured">The rate that the process says.</param>
    /// <param name="counts">What happened.</param>
    public static double Rate(double configured, StageCounts counts)
    {
        var prior = PriorOutcomes * counts.PriorWeight;
        var weight = prior + counts.Passed + counts.Lost;
        var rate = weight <= 0 ? configured : ((configured * prior) + counts.Passed) / weight;
        return counts.RecentPassed + counts.RecentLost < RecentLeast ? rate : Mixed(rate, Quick(counts, rate), counts.RecentTrust);
    }

    /// <summary>How many plain outcomes the rate is worth: the more the quick memory is trusted, the fewer.</summary>
    public static double Evidence(StageCounts counts) =>
        Mixed((PriorOutcomes * counts.PriorWeight) + counts.Passed + counts.Lost, counts.RecentPassed + counts.RecentLost, counts.RecentTrust);

    // Bayes: who gave the outcome more chance gains trust, and a share of all trust changes sides.
    private static double TrustAfter(StageCounts counts, bool passed)
    {
        var steady = (counts.Passed + 1) / (counts.Passed + counts.Lost + 2);
        var quick = Quick(counts, steady);
        var byQuick = counts.RecentTrust * (passed ? quick : 1 - quick);
        var bySteady = (1 - counts.RecentTrust) * (passed ? steady : 1 - steady);
        var trust = byQuick / (byQuick + bySteady);
        return (trust * (1 - Share)) + ((1 - trust) * Share);
    }

    private static double Quick(StageCounts counts, double steady) =>
        (counts.RecentPassed + (QuickPrior * steady)) / (counts.RecentPassed + counts.RecentLost + QuickPrior);

    private static double Mixed(double steady, double quick, double trust) => steady + (trust * (quick - steady));
}
