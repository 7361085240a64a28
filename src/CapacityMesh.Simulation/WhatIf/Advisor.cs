using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.WhatIf.Changes;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>A single change that was tried, and what it did.</summary>
/// <param name="Change">The change.</param>
/// <param name="Text">What it does, in a sentence or two.</param>
/// <param name="Moves">Whether the constraint moves elsewhere.</param>
/// <param name="Before">Without it.</param>
/// <param name="After">With it.</param>
/// <param name="Difference">What it changes.</param>
public sealed record Advised(Change Change, string Text, bool Moves, Outlook Before, Outlook After, Difference Difference);

/// <summary>
/// Finds what moves the constraint: for each thing that could be done about it, the least of it that should do according to the arithmetic of flow, cheapest
/// first, and then tried in the same futures. Nobody tells us prices, so cheap means: the least share of what the pool does today.
/// </summary>
public static class Advisor
{
    /// <summary>Changes that are told.</summary>
    public const int ChangesMax = 3;

    // The constraint moves when another pool carries 7 % less; a little above that it also stays away.
    private const double Margin = 1.1;

    // Beyond three times what is there, a change is another business.
    private const double FactorMax = 3;

    private const decimal DefaultPerson = 20;

    /// <summary>Up to three single changes, cheapest first; those that do not move the constraint only when none does.</summary>
    public static IReadOnlyList<Advised> Advise(Picture picture, int weeks, ulong seed, int seeds, Action<TimeSpan>? pause = null, CancellationToken cancel = default)
    {
        var start = SlotPlan.GoOn(picture, weeks);
        var changes = Candidates(start).Take(ChangesMax).ToArray();
        if (changes.Length == 0) return [];
        Picture[] pictures = [LeadPlaces.Rebuild(start), .. changes.Select(c => LeadPlaces.Rebuild(c.Apply(start, weeks)))];
        var outcomes = Futures.Run(pictures, weeks, seed, seeds, pause: pause, cancel: cancel);
        if (outcomes[0].Count == 0) return [];
        var before = Outlooks.Of(start.Process, outcomes[0]);
        var tried = changes.Select((change, i) =>
        {
            var (after, between) = (Outlooks.Of(pictures[i + 1].Process, outcomes[i + 1]), Outlooks.Between(outcomes[0], outcomes[i + 1]));
            var text = WhatIfWords.Summary(start, new WhatIfQuestion(weeks, seed, [change]), before, after, between);
            return new Advised(change, text, after.Constraint.Pool != start.Flow.Constraint!.Pool, before, after, between);
        }).ToArray();
        return tried.Any(t => t.Moves) ? [.. tried.Where(t => t.Moves)] : tried;
    }

    /// <summary>What could be done about the constraint, cheapest first.</summary>
    public static IReadOnlyList<Change> Candidates(Picture picture)
    {
        var flow = picture.Flow;
        if (flow.Constraint is not { } constraint || flow.Headroom.FirstOrDefault(h => h.Pool == constraint.Pool) is not { } tight) return [];
        if (picture.Process.Pools.FirstOrDefault(p => p.Id == tight.Pool) is not { } pool) return [];
        var next = ConstraintFinder.After(flow.Headroom, tight.Pool)?.SustainablePerWeek ?? decimal.MaxValue;
        var gap = tight.SustainablePerWeek > 0 ? (double)(next / tight.SustainablePerWeek) * Margin : FactorMax;
        var factor = Math.Clamp(gap, 1.05, FactorMax);
        return [.. (pool.Kind is PoolKind.Slots ? OfSlots(picture, pool.Id, factor) : OfPeople(picture, pool.Id, factor)).OrderBy(c => c.Cost).Select(c => c.Change)];
    }

    private static IEnumerable<(double Cost, Change Change)> OfSlots(Picture picture, string pool, double factor)
    {
        var perMonth = picture.Slots.Values.Count(s => s.Pool == pool && s.StartsAt > picture.At && s.StartsAt <= picture.At + SlotPlan.Month);
        var more = perMonth == 0 ? 1 : Math.Min(AddSlots.PerMonthMax, (decimal)Math.Ceiling(perMonth * (factor - 1)));
        yield return (factor - 1, new AddSlots(pool, more));
    }

    private static IEnumerable<(double Cost, Change Change)> OfPeople(Picture picture, string pool, double factor)
    {
        var there = picture.PeopleOf(pool).Select(p => p.Value.Profile.WeeklyCapacity / p.Value.Profile.Pools.Length).Where(w => w > 0).ToArray();
        var total = there.Sum();
        var typical = there.Length > 0 ? total / there.Length : DefaultPerson;
        var count = total == 0 ? 1 : (int)Math.Clamp(Math.Ceiling((double)(total / typical) * (factor - 1)), 1, AddPeople.PeopleMax);
        yield return (total == 0 ? 0 : (double)(count * typical / total), new AddPeople(pool, count, decimal.Round(typical, 1)));
        if (total == 0) yield break;
        // In steps of a twentieth: nobody plans finer.
        var by = (decimal)(Math.Ceiling(factor * 20) / 20);
        yield return ((double)by - 1, new ScalePeople(pool, by));
        if (Heaviest(picture, pool) is { } stage)
        {
            var effort = Math.Max(0.001m, decimal.Round(stage.Effort / by, 2));
            yield return (1 - (double)(effort / stage.Effort), new SetEffort(stage.Id, effort));
        }
    }

    // The stage that brings the pool most of its work.
    private static Stage? Heaviest(Picture picture, string pool)
    {
        var (reach, heaviest, most) = (1.0, (Stage?)null, 0.0);
        foreach (var stage in picture.Process.Stages)
        {
            var load = reach * (double)stage.Effort;
            if (stage.Pool == pool && load > most) (heaviest, most) = (stage, load);
            reach *= picture.Rates.GetValueOrDefault(stage.Id).Rate;
        }
        return heaviest;
    }
}
