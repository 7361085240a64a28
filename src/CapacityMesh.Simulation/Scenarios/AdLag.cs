namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Leads arrive six hours after their click: what was clicked before a pause still comes.</summary>
public static class AdLag
{
    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.AtLoad("seed-2.5x", 2.5).Varied(
        "ad-lag", "2.5 times the load, and leads arrive six hours after the click that a signal could have prevented.", story => story with { AdLag = TimeSpan.FromHours(6) });
}
