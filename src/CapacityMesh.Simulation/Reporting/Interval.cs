namespace CapacityMesh.Simulation.Reporting;

/// <summary>A mean over independent seeds and half the width of its 95 % confidence interval (Student's t); no width below two seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="HalfWidth">What to add and subtract; not a number when it cannot be told.</param>
public readonly record struct Interval(double Mean, double HalfWidth)
{
    // Two-sided 95 % quantiles of Student's t for 1 to 10 degrees of freedom; beyond, Cornish and Fisher's expansion errs by less than 0.001.
    private static readonly double[] Quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

    /// <summary>Of these values, one per seed.</summary>
    public static Interval Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return new Interval(0, double.NaN);
        var mean = values.Average();
        if (values.Count == 1) return new Interval(mean, double.NaN);
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1);
        return new Interval(mean, Quantile(values.Count - 1) * Math.Sqrt(variance / values.Count));
    }

    /// <summary>The quantile that leaves 2.5 % on either side.</summary>
    public static double Quantile(int freedom)
    {
        if (freedom <= Quantiles.Length) return Quantiles[freedom - 1];
        const double z = 1.959964;
        var (third, fifth) = (z * z * z, z * z * z * z * z);
        return z + ((third + z) / (4.0 * freedom)) + (((5 * fifth) + (16 * third) + (3 * z)) / (96.0 * freedom * freedom));
    }
}
