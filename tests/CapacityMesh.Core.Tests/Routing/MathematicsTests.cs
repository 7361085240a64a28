using System.Collections.Immutable;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: the numbers behind the gate. Method: enumeration of every outcome where it is small, published vectors, and bounds between the exact
// sum and its approximation.
public sealed class MathematicsTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.95, 1.6448536269514722)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.999, 3.090232306167813)]
    [InlineData(0.01, -2.3263478740408408)]
    public void The_normal_quantile_meets_published_values(double chance, double value) => Assert.Equal(value, Normal.Quantile(chance), 1e-8);

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 0.3)]
    [InlineData(7, 0.8)]
    [InlineData(10, 0.5)]
    public void Binomial_chances_equal_an_enumeration_of_all_outcomes(int trials, double chance)
    {
        var counted = new double[13];
        for (var outcome = 0; outcome < 1 << trials; outcome++)
        {
            var passed = int.PopCount(outcome);
            counted[passed] += Math.Pow(chance, passed) * Math.Pow(1 - chance, trials - passed);
        }
        Assert.Equal(counted, Binomial.Chances(trials, chance, 12), Near);
    }

    [Fact]
    public void A_cut_off_distribution_keeps_its_lower_end() => Assert.Equal(Binomial.Chances(50, 0.7, 60)[..6], Binomial.Chances(50, 0.7, 5), Near);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(4, 0)]
    [InlineData(9, 6)]
    public void The_chance_that_a_sum_stays_within_its_bound_is_the_sum_of_its_distribution(int trials, int others)
    {
        var (left, right) = (Binomial.Chances(trials, 0.4, 6), Binomial.Chances(others, 0.7, 6));
        Assert.Equal(Binomial.Sum(left, right).Sum(), Binomial.Within(left, right), 1e-12);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(3, 0.2)]
    [InlineData(40, 0.2)]
    [InlineData(40, 0)]
    [InlineData(9, 0.5)]
    [InlineData(9, 0.7)]
    [InlineData(9, 1)]
    public void Without_an_array_the_chance_is_the_same_bit_for_bit(int trials, double chance)
    {
        var left = Binomial.Chances(11, 0.4, 6);
        Assert.Equal(Binomial.Within(left, Binomial.Chances(trials, chance, 6)), Binomial.Within(left, trials, chance));
    }

    [Fact]
    public void Many_trials_do_not_underflow_into_false_hope()
    {
        Assert.Equal(1, Binomial.Chances(2_000, 0.05, 200).Sum(), 1e-9);
        Assert.Equal(0, Binomial.Chances(10_000, 0.5, 200).Sum(), 1e-9);
        Assert.Equal(0, Binomial.Chances(100_000, 0.999, 200).Sum(), 1e-9);
    }

    [Theory]
    [InlineData(3, 0, 0)]
    [InlineData(3, 1, 4)]
    [InlineData(5, 2, 6)]
    [InlineData(2, 0, 9)]
    public void Headroom_equals_a_search_over_all_outcomes(int capacity, int certain, int upstream)
    {
        const double reach = 0.2, risk = 0.1;
        var load = new PoolLoad(capacity, certain, upstream == 0 ? [] : [new LeadGroup(upstream, reach, 1)], [new LeadGroup(1, reach, 1)]);
        var expected = 0;
        while (ChanceThatAllFit(upstream + expected + 1, reach, capacity - certain) >= 1 - risk) expected++;
        if (ChanceThatAllFit(upstream, reach, capacity - certain) < 1 - risk) expected = 0;
        Assert.Equal(expected, load.Headroom(risk));
    }

    private static double ChanceThatAllFit(int leads, double reach, int free)
    {
        var fits = 0.0;
        for (var outcome = 0; outcome < 1 << leads; outcome++)
        {
            var arrived = int.PopCount(outcome);
            if (arrived <= free) fits += Math.Pow(reach, arrived) * Math.Pow(1 - reach, leads - arrived);
        }
        return fits;
    }

    [Fact]
    public void Three_slots_a_month_behind_two_stages_take_eight_leads()
    {
        // Pass 0.4, then 0.5: each lead reaches onboarding with chance 0.2. P(B(8, 0.2) <= 3) = 0.944, P(B(9, 0.2) <= 3) = 0.914, P(B(10, 0.2) <= 3) = 0.879.
        var load = new PoolLoad(3, 0, [], [new LeadGroup(1, 0.2, 1)]);
        Assert.Equal(9, load.Headroom(0.1));
        Assert.Equal(8, load.Headroom(0.06));
        Assert.Equal(3, new PoolLoad(3, 0, [], [new LeadGroup(1, 1, 1)]).Headroom(0.1));
    }

    [Fact]
    public void What_is_certain_needs_no_chance()
    {
        Assert.Equal(5, new PoolLoad(5.99, 0, [], [new LeadGroup(1, 1, 1)]).Headroom(0.1));
        Assert.Equal(0, new PoolLoad(5, 5, [], [new LeadGroup(1, 1, 1)]).Headroom(0.1));
        Assert.Equal(0, new PoolLoad(5, 9, [], [new LeadGroup(1, 1, 1)]).Headroom(0.1));
        Assert.Equal(PoolLoad.HeadroomMax, new PoolLoad(50_000, 0, [], [new LeadGroup(1, 1, 1)]).Headroom(0.1));
    }

    [Theory]
    [InlineData(40, 0.4)]
    [InlineData(80, 0.2)]
    [InlineData(150, 0.5)]
    public void The_approximation_stays_within_four_percent_of_the_exact_sum(int capacity, double reach)
    {
        ImmutableArray<LeadGroup> coming = [new LeadGroup(50, reach, 1)];
        var exact = new PoolLoad(capacity, 0, coming, [new LeadGroup(1, reach, 1)]).Headroom(0.1);
        // A group of another effort that never comes makes the sum inexact.
        var approximate = new PoolLoad(capacity, 0, coming.Add(new LeadGroup(1, 0, 2)), [new LeadGroup(1, reach, 1)]).Headroom(0.1);
        Assert.InRange(approximate, exact - Math.Max(1, exact * 0.04), exact + Math.Max(1, exact * 0.04));
    }

    [Fact]
    public void Less_risk_more_work_or_less_capacity_never_gives_more_headroom()
    {
        var random = new SeededRandom(7);
        for (var i = 0; i < 200; i++)
        {
            var reach = 0.05 + (random.Below(90) / 100.0);
            PoolLoad Load(double capacity, int upstream) => new(capacity, random.Below(1), [new LeadGroup(upstream, reach, 1)], [new LeadGroup(1, reach, 1)]);
            var (capacity, upstream) = (random.Below(260), random.Below(40));
            var headroom = Load(capacity, upstream).Headroom(0.1);
            Assert.True(Load(capacity, upstream).Headroom(0.05) <= headroom);
            Assert.True(Load(capacity, upstream + 5).Headroom(0.1) <= headroom);
            Assert.True(Load(capacity - 3, upstream).Headroom(0.1) <= headroom + 1, $"{capacity} {upstream} {reach}");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 1)]
    [InlineData(2.5, 2.5)]
    [InlineData(90, 90)]
    [InlineData(180, 180)]
    public void Supply_is_a_straight_line_between_the_points_of_the_grid(double days, double units) =>
        Assert.Equal(units, Horizons.At([.. Horizons.All.Select(h => (decimal)h.TotalDays)], TimeSpan.FromDays(days)), 1e-9);

    private static bool Near(double one, double other) => Math.Abs(one - other) < 1e-12;
}
