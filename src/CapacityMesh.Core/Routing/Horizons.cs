using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>
/// The grid of times ahead for which supply is told. Between two points it is interpolated in a straight line;
/// beyond the last it goes on at the last point's rate. Fine where promises are short: a rolling budget returns in bursts.
/// </summary>
public static class Horizons
{
    /// <summary>The grid, ascending.</summary>
    public static ImmutableArray<TimeSpan> All { get; } =
        [.. new[] { 6, 12, 18, 24, 30, 36, 42, 48, 60, 72, 96, 120, 144, 168, 336, 720, 1_440, 2_160 }.Select(hours => TimeSpan.FromHours(hours))];

    /// <summary>Points of the grid.</summary>
    public static int Count => All.Length;

    /// <summary>No supply at all.</summary>
    public static ImmutableArray<decimal> Nothing { get; } = [.. Enumerable.Repeat(0m, All.Length)];

    /// <summary>Adds two supplies point by point.</summary>
    public static ImmutableArray<decimal> Add(ImmutableArray<decimal> left, ImmutableArray<decimal> right)
    {
        var sum = ImmutableArray.CreateBuilder<decimal>(Count);
        for (var i = 0; i < Count; i++) sum.Add(left[i] + right[i]);
        return sum.MoveToImmutable();
    }

    /// <summary>Supply within any horizon, from the grid.</summary>
    public static double At(ImmutableArray<decimal> supply, TimeSpan horizon)
    {
        var after = 0;
        while (after < Count && horizon > All[after]) after++;
        if (after == Count) return (double)supply[^1] * horizon.TotalDays / All[^1].TotalDays;
        var (time, value) = (All[after].TotalDays, (double)supply[after]);
        var (lastTime, lastSupply) = after == 0 ? (0.0, 0.0) : (All[after - 1].TotalDays, (double)supply[after - 1]);
        return lastSupply + ((value - lastSupply) * (horizon.TotalDays - lastTime) / (time - lastTime));
    }
}
