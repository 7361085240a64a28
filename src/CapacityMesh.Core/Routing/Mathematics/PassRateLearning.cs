namespace CapacityMesh.Core.Routing;

/// <summary>
/// How a pass rate is learned from outcomes, when it may step at any of them. Each of the last outcomes is weighed, by Bayes, as the first one after a step (online
/// change point detection: Adams and MacKay 2007; here exact over the last <see cref="RecentMost"/> outcomes, and what lies before them is one count). The rate is
/// the mean over all these stories. A step is believed as far as the outcomes speak for it, from the instant they point at, and what was before it is forgotten as far;
/// a suspicion that was wrong passes by itself. Only sums, products and quotients, so that every machine learns the same, bit for bit.
/// </summary>
public static class PassRateLearning
{
    /// <summary>The configured rate counts like so many outcomes: a handful of early ones does not overturn it.</summary>
    public const double PriorOutcomes = 20;

    /// <summary>Outcomes among which a step is looked for. Whoever has not stepped by then speaks through the counts.</summary>
    public const int RecentMost = 128;

    // What lies before the recent outcomes fades, for rates that drift.
    private const double Forgets = 1.0 / 400;

    // How often a rate steps, in outcomes: chosen so that a halving or doubling is found within fifty outcomes in 95 of 100 runs (docs/reference/learning.md).
    private const double StepChance = 1.0 / 60;

    // A step that matters is about a halving or doubling: the odds of passing times or divided by this, known as well as so many outcomes tell.
    private const double StepOdds = 2.5;
    private const double StepOutcomes = 20;

    /// <summary>The counts after one more outcome.</summary>
    public static StageCounts After(StageCounts counts, bool passed)
    {
        var older = counts.RecentCount < RecentMost ? counts : WithoutOldest(counts);
        var next = older with
        {
            Recent = (older.Recent << 1) | (passed ? UInt128.One : UInt128.Zero),
            RecentCount = older.RecentCount + 1,
            PassedTotal = older.PassedTotal + (passed ? 1 : 0),
            LostTotal = older.LostTotal + (passed ? 0 : 1),
        };
        var stories = Weigh(next);
        return next with { StepBelieved = stories.Stepped, StepRate = stories.Rate };
    }

    /// <summary>The rate that they teach, 0 to 1.</summary>
    /// <param name="configured">The rate that the process says.</param>
    /// <param name="counts">What happened.</param>
    public static double Rate(double configured, StageCounts counts)
    {
        var prior = PriorOutcomes * counts.PriorWeight;
        var passed = counts.Passed + Ones(counts.Recent);
        var weight = prior + counts.Passed + counts.Lost + counts.RecentCount;
        var steady = weight <= 0 ? configured : ((configured * prior) + passed) / weight;
        return steady + (counts.StepBelieved * (counts.StepRate - steady));
    }

    /// <summary>How many plain outcomes the rate is worth: the sooner a step is believed to have been, the fewer.</summary>
    public static double Evidence(StageCounts counts)
    {
        var steady = (PriorOutcomes * counts.PriorWeight) + counts.Passed + counts.Lost + counts.RecentCount;
        return steady + (counts.StepBelieved * (Weigh(counts).Outcomes - steady));
    }

    // The oldest of the recent outcomes joins the counts. As far as it is the first after a step, they forget what was before it.
    private static StageCounts WithoutOldest(StageCounts counts)
    {
        var memory = (1 - Forgets) / (1 + Weigh(counts).OldestOdds);
        var passed = counts.Recent >> (counts.RecentCount - 1) & UInt128.One;
        return counts with
        {
            Passed = (counts.Passed * memory) + (double)passed,
            Lost = (counts.Lost * memory) + 1 - (double)passed,
            PriorWeight = counts.PriorWeight * memory,
            RecentCount = counts.RecentCount - 1,
        };
    }

    // Odds of each story against no step at all: what a new rate, a step up or down from the old one, gave the outcomes since then, by what the old one gave them.
    private static Stories Weigh(StageCounts counts)
    {
        // Where a step has just been forgotten, little is left of what was before: there the old rate leans on all that is remembered.
        var all = (counts.Passed + 1 + Ones(counts.Recent)) / (counts.Passed + counts.Lost + 2 + counts.RecentCount);
        var old = (counts.Passed + (StepOutcomes * all)) / (counts.Passed + counts.Lost + StepOutcomes);
        var (high, low) = (Shifted(old, StepOdds) * StepOutcomes, Shifted(old, 1 / StepOdds) * StepOutcomes);
        // With what passed and was lost before the step, the old rate's predictions; one after the other, newest last, so from the newest back.
        var (passedBefore, before) = (counts.Passed + 1 + Ones(counts.Recent), counts.Passed + counts.Lost + 2 + counts.RecentCount);
        var (up, down, passed, odds, rates, outcomes, oldest) = (StepChance / 2, StepChance / 2, 0.0, 0.0, 0.0, 0.0, 0.0);
        // A step is one from something: from as many outcomes as the configured rate counts.
        var most = Math.Min(counts.RecentCount, counts.Passed + counts.Lost + counts.RecentCount - PriorOutcomes);
        for (var since = 1; since <= most; since++)
        {
            var one = (double)(counts.Recent >> (since - 1) & UInt128.One);
            passedBefore -= one;
            before--;
            var weight = StepOutcomes + since - 1;
            var steady = one > 0 ? passedBefore / before : 1 - (passedBefore / before);
            up *= (one > 0 ? high + passed : weight - high - passed) / weight / steady;
            down *= (one > 0 ? low + passed : weight - low - passed) / weight / steady;
            passed += one;
            var stepped = (up + down) / (1 - StepChance);
            odds += stepped;
            if (since == counts.RecentCount) oldest = stepped;
            rates += ((up * (high + passed)) + (down * (low + passed))) / (weight + 1) / (1 - StepChance);
            outcomes += stepped * (weight + 1);
        }
        return odds > 0 ? new Stories(odds / (1 + odds), rates / odds, outcomes / odds, oldest) : default;
    }

    private static double Shifted(double rate, double odds) => rate * odds / (1 - rate + (rate * odds));

    private static double Ones(UInt128 bits) => (double)UInt128.PopCount(bits);

    /// <param name="Stepped">Chance that there was a step among the recent outcomes, 0 to 1.</param>
    /// <param name="Rate">The rate if there was.</param>
    /// <param name="Outcomes">Outcomes that it then rests on.</param>
    /// <param name="OldestOdds">Odds of a step right before the oldest of them, against none.</param>
    private readonly record struct Stories(double Stepped, double Rate, double Outcomes, double OldestOdds);
}
