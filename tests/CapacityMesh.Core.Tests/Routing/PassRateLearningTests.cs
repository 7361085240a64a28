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
        Assert.True(counts.PriorWeight > 0);
        Assert.InRange(PassRateLearning.Rate(0.4, counts), 0.4, 0.65);
    }

    [Theory]
    [InlineData(0.5, 0.25, 0.85)]
    [InlineData(0.5, 0.8, 0.9)]
    [InlineData(0.4, 0.2, 0.65)]
    [InlineData(0.4, 0.6, 0.65)]
    [InlineData(0.2, 0.4, 0.7)]
    public void A_step_is_found_within_fifty_outcomes(double before, double after, double share)
    {
        var found = Enumerable.Range(1, Runs).Count(seed =>
        {
            var random = new Random(seed);
            var counts = Learn(Learn(StageCounts.None("s"), before, 300, random), after, 50, random);
            var rate = PassRateLearning.Rate(before, counts);
            return Math.Abs(rate - after) < Math.Abs(rate - before);
        });
        Assert.True(found >= share * Runs, $"found in {found} of {Runs} runs");
    }

    [Fact]
    public void A_steady_rate_is_kept_within_a_few_hundredths()
    {
        var misses = Enumerable.Range(1, Runs).Count(seed => Math.Abs(PassRateLearning.Rate(0.4, Learn(StageCounts.None("s"), 0.4, 500, new Random(seed))) - 0.4) > 0.12);
        Assert.True(misses <= Runs * 0.05, $"{misses} of {Runs} runs are off by more than 0.12");
    }

    [Fact]
    public void False_alarms_are_rarer_than_one_in_four_hundred_outcomes()
    {
        var alarms = 0;
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var counts = StageCounts.None("s");
            for (var i = 0; i < 500; i++)
            {
                var next = PassRateLearning.After(counts, random.NextDouble() < 0.4);
                if (next.Passed + next.Lost < counts.Passed + counts.Lost - 5) alarms++;
                counts = next;
            }
        }
        Assert.InRange(alarms, 0, 100 * 500 / 400);
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
}
