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
    public int Headroom(double risk) => Largest(IsExact(out var units) ? Exact(units, risk) : Approximate(risk));

    /// <summary>
    /// New leads that it takes until, with this chance, everything that can be begun has a lead: what a pool of small numbers needs to stay busy.
    /// 0 when that much is on its way already, or when numbers are large.
    /// </summary>
    public int ToFeed(double chance)
    {
        // The grid of horizons is coarse and interpolated: part of a unit is a unit.
        var whole = this with { Capacity = Math.Ceiling(Capacity - 0.1) };
        if (!whole.IsExact(out var units) || units < 1) return 0;
        // With one lead less than n a unit may still stay without a lead: then the n-th is needed.
        var unfed = Within(units - 1);
        return Largest(leads => unfed(leads - 1) > 1 - chance);
    }

    private static int Largest(Func<int, bool> fits)
    {
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

    private bool IsExact(out int units)
    {
        var unit = PerNewLead.Length > 0 ? PerNewLead[0].Effort : 1;
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

    private Func<int, bool> Exact(int units, double risk)
    {
        if (units < 0) return _ => false;
        var within = Within(units);
        return leads => within(leads) >= 1 - risk;
    }

    // Chance that no more than so many units come beside what is certain, with so many new leads.
    private Func<int, double> Within(int units)
    {
        var committed = Binomial.Chances(0, 0, units);
        foreach (var group in Coming) committed = Binomial.Sum(committed, Binomial.Chances(group.Leads, group.Chance, units));
        return leads =>
        {
            var load = committed;
            for (var i = 0; i < PerNewLead.Length - 1; i++) load = Binomial.Sum(load, Binomial.Chances(leads, PerNewLead[i].Chance, units));
            return PerNewLead.IsEmpty ? load.Sum() : Binomial.Within(load, leads, PerNewLead[^1].Chance);
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
