using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Slots that are added to a picture at an even pace.</summary>
public static class SlotPlan
{
    /// <summary>A month of the plan.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);

    // Longer than a day is more than one delivery's start needs; shorter ones fit between others.
    private static readonly TimeSpan LengthMost = TimeSpan.FromHours(8);

    /// <summary>Adds slots of a pool from an instant up to another, so many a month, spread evenly; the first in the middle of its share.</summary>
    public static Picture Add(Picture picture, string pool, decimal perMonth, DateTimeOffset from, DateTimeOffset until, string prefix)
    {
        if (perMonth <= 0) return picture;
        var every = Month / (double)perMonth;
        var length = every / 2 < LengthMost ? every / 2 : LengthMost;
        var slots = picture.Slots.ToBuilder();
        var number = 0;
        for (var at = from + (every / 2); at < until; at += every)
        {
            slots[$"{prefix}-{pool}-{++number:D4}"] = new SlotState(SlotPhase.Open, pool, at, at + length, LeadId: null, HeldUntil: null);
        }
        return picture with { Slots = slots.ToImmutable() };
    }

    /// <summary>How long a plan must reach so that its end does not show within a run: the run, and the longest promise after it.</summary>
    public static DateTimeOffset Reach(Picture picture, int weeks)
    {
        var promise = picture.Process.Stages.Max(s => s.Promise);
        return picture.At + TimeSpan.FromDays(7 * weeks) + (promise < TimeSpan.FromDays(90) ? promise : TimeSpan.FromDays(90)) + Month;
    }

    /// <summary>
    /// Lets every pool of slots go on as it is planned: plans rarely reach as far as we look, and a plan that ends is not a plan to stop. Says so in
    /// the assumptions.
    /// </summary>
    public static Picture GoOn(Picture picture, int weeks)
    {
        foreach (var pool in picture.Process.Pools.Where(p => p.Kind is Core.Routing.PoolKind.Slots))
        {
            var ahead = picture.Slots.Values.Where(s => s.Pool == pool.Id && s.StartsAt > picture.At).ToArray();
            if (ahead.Length == 0) continue;
            var last = ahead.Max(s => s.StartsAt);
            var reach = Reach(picture, weeks);
            if (last >= reach - Month) continue;
            var span = last - picture.At;
            var month = span < TimeSpan.FromDays(7) ? TimeSpan.FromDays(7) : span < Month ? span : Month;
            var perMonth = Math.Round(ahead.Count(s => s.StartsAt <= picture.At + month) * (decimal)(Month / month), 1);
            picture = Add(picture, pool.Id, perMonth, last, reach, "goes-on")
                .Assuming(FormattableString.Invariant($"{pool.Id} has no slots planned after {last:yyyy-MM-dd}; the plan is taken to go on at {perMonth} a month."));
        }
        return picture;
    }
}
