using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Capture;

// Goal: intent fades, the same on every machine. Method: points on the curve worked by hand, and that it never rises by itself.
public sealed class IntentScoreTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(3.5, 75)]
    [InlineData(7, 50)]
    [InlineData(10.5, 37)]
    [InlineData(14, 25)]
    [InlineData(49, 0)]
    [InlineData(4_000, 0)]
    public void A_hundred_points_fade(double days, int left) => Assert.Equal(left, IntentScore.At(100, Sample.Monday, Sample.Monday.AddDays(days)));

    [Fact]
    public void It_never_rises_by_itself()
    {
        var before = 1_000;
        for (var hours = 0; hours < 24 * 90; hours++)
        {
            var now = IntentScore.At(1_000, Sample.Monday, Sample.Monday.AddHours(hours));
            Assert.InRange(now, 0, before);
            before = now;
        }
    }

    [Fact]
    public void A_clock_behind_the_signal_fades_nothing() => Assert.Equal(100, IntentScore.At(100, Sample.Monday, Sample.Monday.AddDays(-1)));

    [Fact]
    public void More_adds_to_what_is_left_up_to_the_most_that_counts()
    {
        Assert.Equal(70, IntentScore.Plus(100, Sample.Monday, Sample.Monday.AddDays(7), 20));
        Assert.Equal(IntentScore.Max, IntentScore.Plus(990, Sample.Monday, Sample.Monday, 100));
        Assert.Equal(5, IntentScore.Plus(0, null, Sample.Monday, 5));
    }
}
