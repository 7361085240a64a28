using System.Collections.Immutable;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Routing;

// Goal: the constraint moves when another pool is clearly tighter, and not otherwise. Method: tables of two pools.
public sealed class ConstraintFinderTests
{
    private static PoolHeadroom Pool(string id, int headroom, decimal perWeek, decimal capacity = 100) => new(id, headroom, TimeSpan.FromDays(2), capacity, 0, 1, perWeek);

    [Theory]
    [InlineData(50, 10, 50, 20, "slow", "slow")]    // as full, carries less: stays
    [InlineData(50, 19.5, 50, 20, "quick", "quick")] // hardly less: the other one stays
    [InlineData(50, 18.9, 50, 20, "quick", "slow")]  // more than five per cent less: moves
    [InlineData(50, 30, 10, 40, "slow", "quick")]    // clearly fuller: moves, though it carries more
    [InlineData(50, 30, 36, 40, "slow", "slow")]     // fuller by less than the band: stays
    [InlineData(50, 30, 36, 40, null, "slow")]       // about as full: the one that carries less
    public void The_constraint_moves_with_hysteresis(int slowRoom, double slowRate, int quickRoom, double quickRate, string? present, string found)
    {
        ImmutableArray<PoolHeadroom> pools = [Pool("quick", quickRoom, (decimal)quickRate), Pool("slow", slowRoom, (decimal)slowRate)];
        Assert.Equal(found, ConstraintFinder.Find(pools, present)!.Pool);
    }

    [Fact]
    public void A_constraint_that_left_the_process_is_replaced() => Assert.Equal("a", ConstraintFinder.Find([Pool("a", 5, 5)], "gone")!.Pool);

    [Fact]
    public void Nothing_measured_names_nothing() => Assert.Null(ConstraintFinder.Find([], "gone"));

    [Fact]
    public void Equal_pools_are_ordered_by_id_and_the_other_is_next()
    {
        ImmutableArray<PoolHeadroom> pools = [Pool("b", 5, 5), Pool("a", 5, 5)];
        Assert.Equal("a", ConstraintFinder.Find(pools, null)!.Pool);
        Assert.Equal("b", ConstraintFinder.After(pools, "a")!.Pool);
        Assert.Null(ConstraintFinder.After([Pool("a", 5, 5)], "a"));
    }

    [Theory]
    [InlineData(0, "no new lead")]
    [InlineData(1, "one more lead")]
    [InlineData(7, "7 more leads")]
    public void It_explains_itself_in_one_sentence(int headroom, string words) => Assert.Contains(words, ConstraintFinder.Explain(Pool("a", headroom, 5), null), StringComparison.Ordinal);
}
