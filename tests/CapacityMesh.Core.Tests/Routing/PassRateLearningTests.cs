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

    // What is possible, and for more steps: `simulate --learning`, docs/reference/learning.md.
    [Theory]
    [InlineData(0.4, 0.2, 0.82)]
    [InlineData(0.5, 0.25, 0.87)]
    [InlineData(0.8, 0.4, 0.97)]
    [InlineData(0.2, 0.4, 0.80)]
    [InlineData(0.25, 0.5, 0.87)]
    [InlineData(0.4, 0.8, 0.98)]
    public void A_halving_or_doubling_is_found_within_fifty_outcomes_and_believed_for_good_by_the_hundredth(double before, double after, double atTheFiftieth)
    {
        var (within, at, later) = (0, 0, 0);
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
            if (seen) within++;
            if (Nearer(PassRateLearning.Rate(before, counts), after, before)) at++;
            if (Nearer(PassRateLearning.Rate(before, Learn(counts, after, 50, random)), after, before)) later++;
        }
        Assert.True(within >= 0.95 * Runs, $"found in {within} of {Runs} runs");
        Assert.True(at >= atTheFiftieth * Runs, $"believed at the fiftieth in {at} of {Runs} runs");
        Assert.True(later >= 0.94 * Runs, $"believed at the hundredth in {later} of {Runs} runs");
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(0.5)]
    public void A_steady_rate_is_kept_and_a_halving_is_seldom_suspected(double steady)
    {
        var (square, away, spells, outcomes) = (0.0, 0, 0, 0);
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var counts = Learn(StageCounts.None("s"), steady, 300, random);
            var strayed = false;
            for (var i = 0; i < 1_000; i++, outcomes++)
            {
                counts = Learn(counts, steady, 1, random);
                var rate = PassRateLearning.Rate(steady, counts);
                square += (rate - steady) * (rate - steady);
                if (rate < 0.75 * steady) away++;
                if (rate < 0.75 * steady && !strayed) spells++;
                strayed = rate < (strayed ? 0.875 : 0.75) * steady;
            }
        }
        Assert.InRange(Math.Sqrt(square / outcomes), 0.01, 0.075);
        Assert.True(away <= 0.06 * outcomes, $"nearer to half the rate at {away} of {outcomes} outcomes");
        Assert.True(spells <= 8 * outcomes / 1_000, $"{spells} spells in {outcomes} outcomes");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_differs_after_two_hundred_equal_ones_is_no_step(bool always)
    {
        var counts = Enumerable.Repeat(always, 200).Aggregate(StageCounts.None("s"), PassRateLearning.After);
        var moved = Math.Abs(PassRateLearning.Rate(0.5, PassRateLearning.After(counts, !always)) - PassRateLearning.Rate(0.5, counts));
        Assert.True(moved < 0.03, $"{moved:0.000}");
    }

    // A step is a story about several outcomes: the one that comes next moves a rate that did not step a little, whatever it is and whatever the rate.
    [Fact]
    public void No_single_outcome_moves_a_steady_rate_far()
    {
        var most = 0.0;
        for (var seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            var counts = Learn(StageCounts.None("s"), 0.05 + (0.9 * random.NextDouble()), random.Next(20, 500), random);
            var rate = PassRateLearning.Rate(0.4, counts);
            foreach (var passed in (bool[])[true, false]) most = Math.Max(most, Math.Abs(PassRateLearning.Rate(0.4, PassRateLearning.After(counts, passed)) - rate));
        }
        Assert.True(most is > 0.001 and < 0.1, $"{most:0.000} at most");
    }

    [Fact]
    public void What_was_before_a_step_is_forgotten_and_the_rate_is_worth_what_came_since()
    {
        var counts = Learn(Learn(StageCounts.None("s"), 0.6, 500, new Random(3)), 0.2, 300, new Random(4));
        Assert.InRange(PassRateLearning.Rate(0.6, counts), 0.15, 0.26);
        Assert.InRange(PassRateLearning.Evidence(counts), 100, 330);
        Assert.InRange(counts.RecentCount, 0, PassRateLearning.RecentMost);
    }

    [Fact]
    public void Thousands_of_equal_outcomes_and_one_that_differs_are_numbers_still()
    {
        foreach (var always in (bool[])[true, false])
        {
            var counts = Enumerable.Repeat(always, 5_000).Aggregate(StageCounts.None("s"), PassRateLearning.After);
            counts = Enumerable.Repeat(!always, 200).Aggregate(PassRateLearning.After(counts, !always), PassRateLearning.After);
            Assert.InRange(PassRateLearning.Rate(0.5, counts), always ? 0 : 0.9, always ? 0.1 : 1);
            Assert.InRange(PassRateLearning.Evidence(counts), 20, 600);
        }
    }

    [Fact]
    public void A_rate_that_nobody_configured_rightly_is_learned_in_the_end()
    {
        var rates = Enumerable.Range(1, 50).Select(seed => PassRateLearning.Rate(0.1, Learn(StageCounts.None("s"), 0.7, 600, new Random(seed)))).ToArray();
        Assert.InRange(rates.Average(), 0.65, 0.72);
    }

    private static StageCounts Learn(StageCounts counts, double rate, int outcomes, Random random)
    {
        for (var i = 0; i < outcomes; i++) counts = PassRateLearning.After(counts, random.NextDouble() < rate);
        return counts;
    }

    private static bool Nearer(double rate, double to, double than) => Math.Abs(rate - to) < Math.Abs(rate - than);
}
