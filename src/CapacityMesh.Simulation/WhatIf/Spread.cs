namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Where a figure lies over the seeds: in eight of ten between <paramref name="P10"/> and <paramref name="P90"/>.</summary>
public sealed record Spread(double P10, double P50, double P90)
{
    private const int Digits = 3;

    /// <summary>Of nothing.</summary>
    public static Spread Zero { get; } = new(0, 0, 0);

    /// <summary>Whether a value lies between, ends included.</summary>
    public bool Covers(double value) => value >= P10 && value <= P90;

    /// <summary>
    /// From the values of all seeds; between two of them in a straight line. The next value lies below the k-th of n with a chance of k / (n + 1) (Weibull 1939): so few seeds tell
    /// a wider range than their own, and the ends of fewer than nine are the least and the most of them.
    /// </summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? Zero : new Spread(At(sorted, 0.1), At(sorted, 0.5), At(sorted, 0.9));
    }

    private static double At(double[] sorted, double share)
    {
        var place = Math.Clamp((share * (sorted.Length + 1)) - 1, 0, sorted.Length - 1);
        var low = (int)place;
        var value = low + 1 < sorted.Length ? sorted[low] + ((sorted[low + 1] - sorted[low]) * (place - low)) : sorted[low];
        return Math.Round(value, Digits);
    }
}
