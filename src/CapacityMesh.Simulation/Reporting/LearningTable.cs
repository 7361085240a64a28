using System.Globalization;
using System.Text;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Reporting;

/// <summary>How soon a step of a pass rate is found, what that costs while nothing steps, and what could be had at all. Shares lie between 0 and 1.</summary>
/// <param name="Before">The rate of the first three hundred outcomes.</param>
/// <param name="After">The rate then.</param>
/// <param name="Within">Runs whose learned rate was nearer to the new one than to the old at one of the first fifty outcomes.</param>
/// <param name="At">At the fiftieth.</param>
/// <param name="Stays">At the fiftieth and at every one up to the hundredth.</param>
/// <param name="Later">At the hundredth.</param>
/// <param name="Delay">Outcomes until it first was, the middle one of the runs.</param>
/// <param name="Strays">Outcomes at which it is, though nothing stepped.</param>
/// <param name="Spells">How often that begins in a thousand outcomes.</param>
/// <param name="Possible">Runs in which it can be at the fiftieth, for one who knows both rates and strays as much: <see cref="KnownRates"/>.</param>
public sealed record LearningRow(double Before, double After, double Within, double At, double Stays, double Later, double Delay, double Strays, double Spells, double Possible)
{
    /// <summary>Bits of evidence, in natural units, that an outcome brings: the divergence of Kullback and Leibler.</summary>
    public double PerOutcome => (After * Math.Log(After / Before)) + ((1 - After) * Math.Log((1 - After) / (1 - Before)));

    /// <summary>Outcomes that any detector with as few false alarms needs on average, where they are rare: ln(outcomes between two) / divergence (Lorden 1971).</summary>
    public double Lorden => Spells > 0 ? Math.Log(1_000 / Spells) / PerOutcome : double.NaN;
}

/// <summary>Measures <see cref="PassRateLearning"/> on many runs of random outcomes.</summary>
public static class LearningTable
{
    private const int Settling = 300;
    private const int SteadyOutcomes = 1_000;

    /// <summary>Steps that are shown: halvings and doublings, then smaller ones.</summary>
    public static IReadOnlyList<(double Before, double After)> Steps { get; } = [(0.4, 0.2), (0.5, 0.25), (0.8, 0.4), (0.2, 0.4), (0.25, 0.5), (0.4, 0.8), (0.4, 0.6), (0.5, 0.4)];

    /// <summary>One step, in so many runs; what it costs while nothing steps is measured in a fifth of them, over a thousand outcomes each.</summary>
    public static LearningRow Row(double before, double after, int runs, ulong seed = 1)
    {
        var (within, at, stays, later, delays) = (0, 0, 0, 0, new List<int>());
        for (var run = 0UL; run < (ulong)runs; run++)
        {
            var chance = new SimRandom(seed + run);
            var on = Sides(chance, before, after, 100);
            var first = Array.IndexOf(on, true);
            delays.Add(first < 0 ? 101 : first + 1);
            if (first is >= 0 and < 50) within++;
            if (on[49]) at++;
            if (on[99]) later++;
            if (on.AsSpan(49).IndexOf(false) < 0) stays++;
        }
        delays.Sort();
        var (strays, spells) = Steady(before, after, Math.Max(1, runs / 5), seed + 1_000_000);
        return new LearningRow(
            before, after, (double)within / runs, (double)at / runs, (double)stays / runs, (double)later / runs, delays[runs / 2], strays, spells,
            KnownRates.AtTheFiftieth(before, after, strays, seed + 2_000_000));
    }

    /// <summary>All of them, for people.</summary>
    public static string ToText(int runs, ulong seed)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{runs} runs of each; shares of the runs, then of a thousand outcomes at the old rate\n");
        text.Append("step          within 50  at 50th  50th-100th  at 100th  median delay   strays  false starts   possible at 50th   Lorden\n");
        foreach (var (before, after) in Steps)
        {
            var r = Row(before, after, runs, seed);
            text.Append(CultureInfo.InvariantCulture,
                $"{before:0.00} to {after:0.00}{r.Within,11:0.0%}{r.At,9:0.0%}{r.Stays,12:0.0%}{r.Later,10:0.0%}{r.Delay,14:0}{r.Strays,9:0.0%}{r.Spells,14:0.0}{r.Possible,19:0.0%}{r.Lorden,9:0}\n");
        }
        return text.ToString();
    }

    // Whether the learned rate is nearer to the new one, after each outcome from the step on.
    private static bool[] Sides(SimRandom chance, double before, double after, int outcomes)
    {
        var counts = StageCounts.None("s");
        for (var i = 0; i < Settling; i++) counts = PassRateLearning.After(counts, chance.Chance(before));
        var sides = new bool[outcomes];
        for (var i = 0; i < outcomes; i++)
        {
            counts = PassRateLearning.After(counts, chance.Chance(after));
            sides[i] = IsNearer(PassRateLearning.Rate(before, counts), after, before);
        }
        return sides;
    }

    // A spell ends when the rate is back halfway between the old rate and the middle.
    private static (double Strays, double Spells) Steady(double before, double after, int runs, ulong seed)
    {
        var (strays, spells) = (0, 0);
        for (var run = 0UL; run < (ulong)runs; run++)
        {
            var chance = new SimRandom(seed + run);
            var counts = StageCounts.None("s");
            for (var i = 0; i < Settling; i++) counts = PassRateLearning.After(counts, chance.Chance(before));
            var astray = false;
            for (var i = 0; i < SteadyOutcomes; i++)
            {
                counts = PassRateLearning.After(counts, chance.Chance(before));
                var rate = PassRateLearning.Rate(before, counts);
                var off = IsNearer(rate, after, before);
                if (off) strays++;
                if (off && !astray) spells++;
                astray = off || (astray && IsNearer(rate, (before + after) / 2, before));
            }
        }
        return ((double)strays / runs / SteadyOutcomes, spells * 1_000.0 / runs / SteadyOutcomes);
    }

    private static bool IsNearer(double rate, double to, double than) => Math.Abs(rate - to) < Math.Abs(rate - than);
}
