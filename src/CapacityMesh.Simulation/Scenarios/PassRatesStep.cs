using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>After eight weeks leads are better: six of ten pass discovery instead of four, so every one of them weighs half as much again on what follows.</summary>
public static class PassRatesStep
{
    private const double Better = 0.6;
    private static readonly TimeSpan After = TimeSpan.FromDays(56);

    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.AtLoad("seed-2.5x", 2.5).Varied(
        "pass-rates-step", "2.5 times the load, and after eight weeks 60 % pass discovery instead of 40 %.", story => story with
        {
            RateChanges = [new RateChange(After, "discovery", Better)],
            Fates = seeds => Fates(story, seeds),
        });

    private static Fate Fates(Scenario story, SeedStreams seeds)
    {
        var before = SeedStory.FatesAt(SeedStory.DiscoveryPasses, SeedStory.ReviewPasses)(seeds);
        var after = SeedStory.FatesAt(Better, SeedStory.ReviewPasses)(seeds);
        // Leads are numbered as they come.
        var first = story.Arrivals(seeds).FirstOrDefault(a => a.At >= story.Start + After).LeadId;
        return (lead, stage) => first is not null && string.CompareOrdinal(lead, first) >= 0 ? after(lead, stage) : before(lead, stage);
    }
}
