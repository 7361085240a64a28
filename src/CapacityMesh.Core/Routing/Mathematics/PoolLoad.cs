using System.Collections.Immutable;

namespace CapacityMesh.Core.Routing;

/// <summary>Leads that each bring the pool the same effort with the same chance.</summary>
/// <param name="Leads">How many.</param>
/// <param name="Chance">Chance that one of them reaches the pool's stage.</param>
/// <param name="Effort">Units it takes then.</param>
public readonly record struct LeadGroup(int Leads, double Chance, double Effort);

/// <summary>
/// The load that is coming to a pool, and how many new leads fit beside it: headroom = the largest n such that
/// P(certain + sum of binomials + load of n new leads &lt;= capacity) &gt;= 1 - risk.
/// Exact while all efforts are equal and capacity is small, where it matters most (three slots a month); a normal approximation with
/// continuity correction otherwise.
/// </summary>
/// <param name="Capacity">Units that can be begun within the window.</param>
/// <param name="Certain">Units that are sure to come: who waits at the pool already.</param>
/// <param name="Coming">Leads upstream that may come.</param>
/// <param name="PerNewLead">What one new lead may bring: a group of one lead per stage that the pool serves.</param>
public sealed record PoolLoad(double Capacity, double Certain, ImmutableArray<LeadGroup> Coming, ImmutableArray<LeadGroup> PerNewLead)
{
    /// <summary>Headroom is told up to this many leads; more is plenty.</summary>
    public const int HeadroomMax = 10_000;

    // Above this many units the normal approximation errs by less than a lead, and costs nothing.
    private const int ExactUnitsMax = 64;

    /// <summary>Mean units of committed work.</summary>
    public double Mean => Certain + Coming.Sum(g => g.Leads * g.Chance * g.Effort);

    /// <summary>New leads that fit at this risk; 0 when not even the committed work does.</summary>
    public int Headroom(double risk)
    {
        var fits = IsExact(out var unit, out var units) ? Exact(unit, units, risk) : Approximate(risk);
        if (!fits(1)) return 0;
        var (low, high) = (1, 2);
        while (high <= HeadroomMax && fits(high)) (low, high) = (high, high * 2);
        high = Math.Min(high, HeadroomMax + 1);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (fits(middle)) low = middle;
            else high = middle;
        }
        return low;
    }

    private bool IsExact(out double unit, out int units)
    {
        unit = PerNewLead.Length > 0 ? PerNewLead[0].Effort : 1;
        units = -1;
        foreach (var group in Coming)
        {
            if (group.Effort != unit) return false;
        }
        foreach (var group in PerNewLead)
        {
            if (group.Effort != unit) return false;
        }
        var free = (Capacity - Certain) / unit;
        units = (int)Math.Floor(Math.Min(free, ExactUnitsMax + 1) + 1e-9);
        return units <= ExactUnitsMax;
    }

    private Func<int, bool> Exact(double unit, int units, double risk)
    {
        if (units < 0) return _ => false;
        var committed = Binomial.Chances(0, 0, units);
        foreach (var group in Coming) committed = Binomial.Sum(committed, Binomial.Chances(group.Leads, group.Chance, units));
        return leads =>
        {
            var load = committed;
            foreach (var group in PerNewLead) load = Binomial.Sum(load, Binomial.Chances(leads, group.Chance, units));
            return load.Sum() >= 1 - risk;
        };
    }

    private Func<int, bool> Approximate(double risk)
    {
        var z = Normal.Quantile(1 - risk);
        var (mean, variance, largest) = (Mean, Variance(Coming), PerNewLead.Length > 0 ? PerNewLead.Max(g => g.Effort) : 0);
        var (meanEach, varianceEach) = (PerNewLead.Sum(g => g.Chance * g.Effort), Variance(PerNewLead));
        return leads =>
        {
            var deviation = Math.Sqrt(variance + (leads * varianceEach));
            var correction = deviation > 0 ? largest / 2 : 0;
            return mean + (leads * meanEach) + (z * deviation) <= Capacity + correction;
        };
    }

    private static double Variance(ImmutableArray<LeadGroup> groups) => groups.Sum(g => g.Leads * g.Chance * (1 - g.Chance) * g.Effort * g.Effort);
}
