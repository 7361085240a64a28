namespace CapacityMesh.Simulation.Scenarios;

/// <summary>After eight weeks the better campaign brings twice as many leads for the same money.</summary>
public static class CampaignDoubles
{
    private const double Load = 2.5;
    private static readonly TimeSpan After = TimeSpan.FromDays(56);

    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.AtLoad("seed-2.5x", Load).Varied(
        "campaign-doubles", "2.5 times the load, and after eight weeks one campaign brings twice as many leads.", story => story with
        {
            Arrivals = seeds => LeadStreams.Shaped(seeds, story.Start, story.Span, SeedStory.Campaigns(SeedStory.Carries * Load), peak: 2,
                (campaign, at) => campaign == "search" && at >= story.Start + After ? 2 : 1),
        });
}
