using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Feedback;

// Goal: each model shares a lead as its name says, and no part is made or lost. Method: cases worked by hand, and sums over made-up histories.
public sealed class AttributionTests
{
    private static readonly DateTimeOffset Day = Sample.Monday;

    private static Touch On(double day, string campaign) => new(campaign, Day.AddDays(day), "pageVisit");

    private static string Of(AttributionModel model, params Touch[] touches) =>
        string.Join(' ', Attribution.Of(touches, model).Select(s => FormattableString.Invariant($"{s.Campaign}={s.Part:0.######}")));

    // a on day 0, b on day 7, a on day 14: with a half-life of 7 days they weigh 1/4, 1/2 and 1, of 7/4 in all.
    [Theory]
    [InlineData(AttributionModel.First, "a=1")]
    [InlineData(AttributionModel.Last, "a=1")]
    [InlineData(AttributionModel.Linear, "a=0.666667 b=0.333333")]
    [InlineData(AttributionModel.TimeDecay, "a=0.714286 b=0.285714")]
    public void Three_touches_of_two_campaigns(AttributionModel model, string shares) => Assert.Equal(shares, Of(model, On(0, "a"), On(7, "b"), On(14, "a")));

    // first, middle, last on days 0, 7 and 21: 1/8, 1/4 and 1, of 11/8 in all.
    [Theory]
    [InlineData(AttributionModel.First, "first=1")]
    [InlineData(AttributionModel.Last, "last=1")]
    [InlineData(AttributionModel.Linear, "first=0.333333 middle=0.333333 last=0.333333")]
    [InlineData(AttributionModel.TimeDecay, "first=0.090909 middle=0.181818 last=0.727273")]
    public void Three_touches_of_three_campaigns_in_any_order(AttributionModel model, string shares) =>
        Assert.Equal(shares, Of(model, On(21, "last"), On(0, "first"), On(7, "middle")));

    [Theory]
    [InlineData(AttributionModel.First)]
    [InlineData(AttributionModel.Last)]
    [InlineData(AttributionModel.Linear)]
    [InlineData(AttributionModel.TimeDecay)]
    public void One_touch_takes_all(AttributionModel model) => Assert.Equal("a=1", Of(model, On(3, "a")));

    [Fact]
    public void Parts_are_positive_and_add_up_to_exactly_one()
    {
        var random = new SeededRandom(7);
        for (var i = 0; i < 2_000; i++)
        {
            Touch[] touches = [.. Enumerable.Range(0, 1 + random.Below(20)).Select(_ => On(random.Below(400_000) / 1_000.0, random.Pick(new[] { "a", "b", "c", "d", "e" })))];
            foreach (var model in Enum.GetValues<AttributionModel>())
            {
                var shares = Attribution.Of(touches, model);
                Assert.Equal(1m, shares.Sum(s => s.Part));
                Assert.All(shares, s => Assert.True(s.Part >= 0, $"{model}: {s}"));
                Assert.Equal(shares.Count, shares.Select(s => s.Campaign).Distinct().Count());
            }
        }
    }
}
