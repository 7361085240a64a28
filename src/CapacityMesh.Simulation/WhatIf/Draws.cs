using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>What the world may be like, given what was seen of it: rates that were learned from little are drawn widely.</summary>
public static class Draws
{
    /// <summary>A pass rate from its Beta posterior.</summary>
    public static double PassRate(StageRate learned, SimRandom chance)
    {
        if (learned.Outcomes <= 0 || learned.Rate is <= 0 or >= 1) return learned.Rate;
        var passed = Gamma(learned.Rate * learned.Outcomes, chance);
        var lost = Gamma((1 - learned.Rate) * learned.Outcomes, chance);
        return passed / (passed + lost);
    }

    /// <summary>Leads a week from the Gamma posterior of a Poisson stream.</summary>
    public static double PerWeek(ArrivalRate learned, SimRandom chance) =>
        learned.Seen <= 0 || learned.PerWeek <= 0 ? learned.PerWeek : learned.PerWeek * Gamma(learned.Seen, chance) / learned.Seen;

    /// <summary>G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables" (2000).</summary>
    public static double Gamma(double shape, SimRandom chance)
    {
        // Below one the method does not hold; the paper's own way round it.
        if (shape < 1) return Gamma(shape + 1, chance) * Math.Pow(1 - chance.NextUnit(), 1 / shape);
        var d = shape - (1 / 3.0);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(chance);
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - chance.NextUnit()) < (x * x / 2) + d - (d * v) + (d * Math.Log(v))) return d * v;
        }
    }

    // Box and Muller (1958).
    private static double Normal(SimRandom chance) =>
        Math.Sqrt(-2 * Math.Log(1 - chance.NextUnit())) * Math.Cos(2 * Math.PI * chance.NextUnit());
}
