namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Newsletters go out on Mondays: that day brings four times its share, the other days half of theirs.</summary>
public static class MondayBurst
{
    private const double Load = 2.5;
    private const double Monday = 4;
    private const double OtherDays = 0.5;

    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.AtLoad("seed-2.5x", Load).Varied(
        "monday-burst", "2.5 times the load, and Mondays bring eight times as many leads as other days.", story => story with
        {
            Arrivals = seeds => LeadStreams.Shaped(seeds, story.Start, story.Span, SeedStory.Campaigns(SeedStory.Carries * Load), Monday,
                (_, at) => at.DayOfWeek is DayOfWeek.Monday ? Monday : OtherDays),
        });
}
