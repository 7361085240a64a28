using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>
/// Who knows both rates, and only not which of them holds: Bayes' rule, exactly, for a rate that steps between the two (Shiryaev 1963). Nobody who must learn the rates
/// can be right more often. How often it takes the rate to step sets how often it strays.
/// </summary>
public static class KnownRates
{
    private const int Runs = 400;
    private const int Outcomes = 1_000;

    /// <summary>Share of runs in which it believes in the new rate at the fiftieth outcome, when it strays in so many of all outcomes at the old one.</summary>
    public static double AtTheFiftieth(double before, double after, double strays, ulong seed)
    {
        var (rare, often) = (1e-7, 0.4);
        for (var i = 0; i < 20; i++)
        {
            var middle = Math.Sqrt(rare * often);
            if (Strays(before, after, middle, seed) < strays) rare = middle;
            else often = middle;
        }
        var found = 0;
        for (var run = 0UL; run < 5 * Runs; run++)
        {
            var chance = new SimRandom(seed + run);
            var belief = 0.0;
            for (var i = 0; i < 300; i++) belief = Next(belief, chance.Chance(before), before, after, rare);
            for (var i = 0; i < 50; i++) belief = Next(belief, chance.Chance(after), before, after, rare);
            if (belief > 0.5) found++;
        }
        return found / (5.0 * Runs);
    }

    private static double Strays(double before, double after, double steps, ulong seed)
    {
        var (strays, belief, chance) = (0, 0.0, new SimRandom(seed));
        for (var i = 0; i < Runs * Outcomes; i++)
        {
            belief = Next(belief, chance.Chance(before), before, after, steps);
            if (belief > 0.5) strays++;
        }
        return strays / (double)(Runs * Outcomes);
    }

    private static double Next(double belief, bool passed, double before, double after, double steps)
    {
        var (byNew, byOld) = (belief * (passed ? after : 1 - after), (1 - belief) * (passed ? before : 1 - before));
        var now = byNew / (byNew + byOld);
        return (now * (1 - steps)) + ((1 - now) * steps);
    }
}
