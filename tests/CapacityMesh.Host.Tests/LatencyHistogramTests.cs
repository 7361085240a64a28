using CapacityMesh.Host.LoadTesting;

namespace CapacityMesh.Host.Tests;

// Goal: percentiles that may be quoted. Method: against the sorted list of the same values.
public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_right_to_a_sixtieth_over_the_whole_range()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 8)).ToArray();
        var histogram = new LatencyHistogram();
        foreach (var value in values) histogram.Add(TimeSpan.FromMicroseconds(value));
        Array.Sort(values);
        foreach (var share in new[] { 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1 })
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            var told = histogram.At(share).TotalMicroseconds;
            Assert.InRange(told, exact, Math.Max(exact + 1, exact * (1 + (1 / 60.0))));
        }
        Assert.Equal(values[^1], (long)histogram.Max.TotalMicroseconds);
    }

    [Fact]
    public void Nothing_counted_is_zero_and_nothing_is_too_long()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(TimeSpan.Zero, histogram.At(0.99));
        histogram.Add(TimeSpan.FromDays(300));
        histogram.Add(TimeSpan.FromSeconds(-1));
        Assert.Equal(2, histogram.Count);
        Assert.True(histogram.At(1) > TimeSpan.FromHours(10));
    }
}
