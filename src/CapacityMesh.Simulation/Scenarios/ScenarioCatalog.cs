namespace CapacityMesh.Simulation.Scenarios;

/// <summary>The scenarios that ship, by name.</summary>
public static class ScenarioCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        SeedStory.AtLoad("seed-1x", 1),
        SeedStory.AtLoad("seed-2.5x", 2.5),
        SeedStory.AtLoad("seed-5x", 5),
        SeedStory.ActOne,
        SeedStory.ActTwo,
        SeedStory.ActThree,
        MondayBurst.Scenario,
        SalespersonIll.Scenario,
        OnboardingDelayed.Scenario,
        CampaignDoubles.Scenario,
        PassRatesStep.Scenario,
        AdLag.Scenario,
        SmallNumbers.Scenario,
    ];

    /// <summary>The scenario of that name, or null.</summary>
    public static Scenario? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
