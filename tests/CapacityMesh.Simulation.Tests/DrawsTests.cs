using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.WhatIf;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: what was learned from little is drawn widely, and from the right distribution. Method: means and variances of many draws against the formulas.
public sealed class DrawsTests
{
    private const int Count = 40_000;

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(80)]
    public void Gamma_has_its_mean_and_variance(double shape)
    {
        var random = new SimRandom(3);
        var draws = Enumerable.Range(0, Count).Select(_ => Draws.Gamma(shape, random)).ToArray();
        var mean = draws.Average();

        Assert.InRange(mean, shape * 0.97, shape * 1.03);
        Assert.InRange(draws.Sum(d => (d - mean) * (d - mean)) / Count, shape * 0.93, shape * 1.07);
    }

    [Fact]
    public void A_pass_rate_of_forty_outcomes_spreads_as_its_posterior_does()
    {
        var random = new SimRandom(4);
        var draws = Enumerable.Range(0, Count).Select(_ => Draws.PassRate(new StageRate(0.4, 40, null), random)).ToArray();
        var mean = draws.Average();

        // Beta(16, 24): variance ab / ((a+b)^2 (a+b+1)).
        Assert.InRange(mean, 0.395, 0.405);
        Assert.InRange(Math.Sqrt(draws.Sum(d => (d - mean) * (d - mean)) / Count), 0.0765 * 0.97, 0.0765 * 1.03);
    }

    [Fact]
    public void What_is_given_is_not_drawn()
    {
        var random = new SimRandom(5);
        Assert.Equal(0.4, Draws.PassRate(new StageRate(0.4, 0, null), random));
        Assert.Equal(60, Draws.PerWeek(new ArrivalRate(60, 0), random));
        Assert.Equal(0, Draws.PassRate(new StageRate(0, 50, null), random));
    }

    [Fact]
    public void Eight_of_ten_lie_between_the_ends_of_a_range()
    {
        var spread = Spread.Of(Enumerable.Range(1, 99).Select(i => (double)i));

        Assert.Equal(new Spread(10, 50, 90), spread);
        Assert.True(spread.Covers(10) && spread.Covers(90) && !spread.Covers(91));
        // The next of five lies between the least and the most of them in four of six: no range of five can promise eight of ten.
        Assert.Equal(new Spread(1, 3, 5), Spread.Of([5, 3, 1, 2, 4]));
        Assert.Equal(Spread.Zero, Spread.Of([]));
    }
}
