using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: rates follow what happens, soon after a step and never by a single outcome. Method: many runs of random outcomes from fixed seeds.
public sealed class PassRateLearningTests
{
    private const int Runs = 400;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void One_outcome_moves_a_configured_rate_by_less_than_three_hundredths(int outcome)
    {
        var rate = PassRateLearning.Rate(0.4, PassRateLearning.After(StageCounts.None("discovery"), outcome == 1));
        Assert.InRange(Math.Abs(rate - 0.4), 0.001, 0.03);
    }

    [Fact]
    public void No_dozen_equal_outcomes_are_believed_to_be_a_step()
    {
        var counts = Enumerable.Repeat(true, 12).Aggregate(StageCounts.None("s"), PassRateLearning.After);
        Assert.InRange(PassRateLearning.Rate(0.4, counts), 0.4, 0.65);
    }

    [Theory]
    [InlineData(0.4, 0.2)]
    [InlineData(0.4, 0.6)]
    [InlineData(0.5, 0.25)]
    [InlineData(0.5, 0.8)]
    [InlineData(0.2, 0.4)]
    public void A_step_is_found_within_fifty_outcomes_in_ninety_five_of_a_hundred_runs(double before, double after)
    {
        var (found, stays) = (0, 0);
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            var counts = Learn(StageCounts.None("s"), before, 300, random);
            var seen = false;
            for (var i = 0; i < 50; i++)
            {
                counts = Learn(counts, after, 1, random);
                seen |= Nearer(PassRateLearning.Rate(before, counts), after, before);
            }
            if (seen) found++;
            if (Nearer(PassRateLearning.Rate(before, counts), after, before)) stays++;
        }
        Assert.True(found >= 0.95 * Runs, $"found in {found} of {Runs} runs");
        // Chance leads the rate back for a while in some of them; with every further outcome in fewer.
        Assert.True(stays >= 0.6 * Runs, $"still believed at the fiftieth in {stays} of {Runs} runs");
    }

    [Fact]
    public void A_step_is_believed_for_good_after_a_hundred_and_fifty_outcomes()
    {
        var believed = Enumerable.Range(1, Runs).Count(seed =>
        {
            var random = new Random(seed);
            return Nearer(PassRateLearning.Rate(0.4, Learn(Learn(StageCounts.None("s"), 0.4, 300, random), 0.2, 150, random)), 0.2, 0.4);
        });
        Assert.True(believed >= 0.93 * Runs, $"believed in {believed} of {Runs} runs");
    }

    [Fact]
    public void A_steady_rate_is_kept_within_a_few_hundredths()
    {
        var misses = Enumerable.Range(1, Runs).Count(seed => Math.Abs(PassRateLearning.Rate(0.4, Learn(StageCounts.None("s"), 0.4, 500, new Random(seed))) - 0.4) > 0.12);
        Assert.True(misses <= Runs * 0.05, $"{misses} of {Runs} runs are off by more than 0.12");
    }

    [Fact]
    public void A_steady_rate_strays_seldom_and_not_for_long()
    {
        var (away, outcomes, spells) = (0, 0, 0);
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var counts = Learn(StageCounts.None("s"), 0.4, 300, random);
            var strayed = false;
            for (var i = 0; i < 500; i++, outcomes++)
            {
                counts = Learn(counts, 0.4, 1, random);
                var off = Math.Abs(PassRateLearning.Rate(0.4, counts) - 0.4);
                if (off > 0.1) away++;
                if (off > 0.1 && !strayed) spells++;
                strayed = strayed ? off > 0.05 : off > 0.1;
            }
        }
        Assert.True(away <= outcomes * 0.09, $"off by more than a tenth at {away} of {outcomes} outcomes");
        Assert.True(spells <= 100 * 12, $"{spells} spells in 100 runs of 500 outcomes");
    }

    // The limit of what any detector could do: it knows both rates, which nobody does, and is the quickest of all with as few false alarms (Moustakides 1986).
    [Fact]
    public void Even_who_knows_both_rates_pays_for_fifty_outcomes_with_false_alarms()
    {
        var (found, alarms) = (0, 0);
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            alarms += KnownRates.Alarms(new KnownRates(), 0.4, 500, random);
            if (KnownRates.Alarms(new KnownRates(), 0.2, 50, random) > 0) found++;
        }
        Assert.InRange(found / (double)Runs, 0.93, 0.98);
        Assert.InRange(alarms / (double)Runs, 3, 8);
    }

    [Fact]
    public void A_rate_that_nobody_configured_rightly_is_learned_in_the_end()
    {
        var counts = Learn(StageCounts.None("s"), 0.7, 600, new Random(5));
        Assert.InRange(PassRateLearning.Rate(0.1, counts), 0.6, 0.8);
    }

    private static StageCounts Learn(StageCounts counts, double rate, int outcomes, Random random)
    {
        for (var i = 0; i < outcomes; i++) counts = PassRateLearning.After(counts, random.NextDouble() < rate);
        return counts;
    }

    private static bool Nearer(double rate, double to, double than) => Math.Abs(rate - to) < Math.Abs(rate - than);

    // Two cumulative sums, for 0.4 to 0.2 and for 0.4 to 0.6.
    private sealed class KnownRates
    {
        private const double Threshold = 2.8;
        private double falls, rises;

        public static int Alarms(KnownRates sums, double rate, int outcomes, Random random) =>
            Enumerable.Range(0, outcomes).Count(_ => sums.AlarmAfter(random.NextDouble() < rate));

        private bool AlarmAfter(bool passed)
        {
            falls = Math.Max(0, falls + Math.Log(passed ? 0.2 / 0.4 : 0.8 / 0.6));
            rises = Math.Max(0, rises + Math.Log(passed ? 0.6 / 0.4 : 0.4 / 0.6));
            if (Math.Max(falls, rises) <= Threshold) return false;
            (falls, rises) = (0, 0);
            return true;
        }
    }
}
