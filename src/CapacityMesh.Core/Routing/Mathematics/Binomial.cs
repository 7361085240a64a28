namespace CapacityMesh.Core.Routing;

/// <summary>The binomial distribution, cut off above a bound that the caller cares about.</summary>
public static class Binomial
{
    /// <summary>Chances of exactly 0, 1, ... up to <paramref name="most"/> successes in <paramref name="trials"/> trials.</summary>
    public static double[] Chances(int trials, double chance, int most)
    {
        var chances = new double[most + 1];
        if (trials == 0 || chance <= 0)
        {
            chances[0] = 1;
            return chances;
        }
        if (chance >= 1)
        {
            if (trials <= most) chances[trials] = 1;
            return chances;
        }
        // The recurrence starts from no success; where that is too unlikely for a double, failures are counted instead.
        if (chance > 0.5)
        {
            var failures = Chances(trials, 1 - chance, trials);
            for (var k = 0; k <= Math.Min(most, trials); k++) chances[k] = failures[trials - k];
            return chances;
        }
        var value = Math.Pow(1 - chance, trials);
        for (var k = 0; k <= Math.Min(most, trials); k++)
        {
            chances[k] = value;
            value *= (trials - k) / (k + 1.0) * (chance / (1 - chance));
        }
        return chances;
    }

    /// <summary>The sum of two independent counts, cut off at the same bound.</summary>
    public static double[] Sum(double[] left, double[] right)
    {
        var sum = new double[left.Length];
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] == 0) continue;
            for (var j = 0; i + j < sum.Length; j++) sum[i + j] += left[i] * right[j];
        }
        return sum;
    }

    /// <summary>Chance that the sum of two independent counts is not above the bound at which both are cut off: without the distribution of the sum.</summary>
    public static double Within(double[] left, double[] right)
    {
        var (total, upTo) = (0.0, 0.0);
        // From the largest left count down: beside it the right one may be 0, then 1 more each time.
        for (var i = left.Length - 1; i >= 0; i--)
        {
            upTo += right[left.Length - 1 - i];
            total += left[i] * upTo;
        }
        return total;
    }

    /// <summary>The same chance where the right count is so many trials of one chance: the same sums in the same order, without an array for each try of a search.</summary>
    public static double Within(double[] left, int trials, double chance)
    {
        if (trials == 0 || chance is <= 0 or > 0.5) return Within(left, Chances(trials, chance, left.Length - 1));
        var (total, upTo, value, odds) = (0.0, 0.0, Math.Pow(1 - chance, trials), chance / (1 - chance));
        for (var k = 0; k < left.Length; k++)
        {
            if (k <= trials)
            {
                upTo += value;
                value *= (trials - k) / (k + 1.0) * odds;
            }
            total += left[left.Length - 1 - k] * upTo;
        }
        return total;
    }
}
