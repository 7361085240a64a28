using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>How leads come.</summary>
public static class LeadStreams
{
    /// <summary>A Poisson stream of leads per campaign, merged in order of time.</summary>
    public static IEnumerable<Arrival> Poisson(SeedStreams seeds, DateTimeOffset start, TimeSpan span, (string Campaign, double PerWeek)[] campaigns)
    {
        var next = new PriorityQueue<(string Campaign, double PerWeek, SimRandom Chance), (long, string)>();
        foreach (var (campaign, perWeek) in campaigns.Where(c => c.PerWeek > 0))
        {
            var chance = seeds.Fresh($"arrivals/{campaign}");
            next.Enqueue((campaign, perWeek, chance), ((start + chance.Gap(TimeSpan.FromDays(7 / perWeek))).UtcTicks, campaign));
        }
        for (var number = 1; next.TryDequeue(out var from, out var at) && at.Item1 < (start + span).UtcTicks; number++)
        {
            var instant = new DateTimeOffset(at.Item1, TimeSpan.Zero);
            yield return new Arrival(instant, $"lead-{number:D7}", from.Campaign);
            next.Enqueue(from, ((instant + from.Chance.Gap(TimeSpan.FromDays(7 / from.PerWeek))).UtcTicks, from.Campaign));
        }
    }

    /// <summary>
    /// A stream whose rate changes with time, by thinning (Lewis and Shedler, 1979): leads come at the peak rate, and each stays with the chance
    /// that its instant has of the peak.
    /// </summary>
    /// <param name="seeds">Chance.</param>
    /// <param name="start">From when on.</param>
    /// <param name="span">For how long.</param>
    /// <param name="campaigns">What each brings a week at times one.</param>
    /// <param name="peak">The highest times that occurs.</param>
    /// <param name="times">How many times its rate a campaign brings at an instant, 0 to the peak.</param>
    public static IEnumerable<Arrival> Shaped(
        SeedStreams seeds, DateTimeOffset start, TimeSpan span, (string Campaign, double PerWeek)[] campaigns, double peak, Func<string, DateTimeOffset, double> times) =>
        Poisson(seeds, start, span, [.. campaigns.Select(c => (c.Campaign, c.PerWeek * peak))])
            .Where(a => seeds.Fresh($"thinned/{a.LeadId}").Chance(times(a.Campaign, a.At) / peak));
}
