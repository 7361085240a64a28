namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Onboarding stands still for two weeks, twice, known three days ahead: clients who had a slot there wait for another.</summary>
public static class OnboardingDelayed
{
    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.AtLoad("seed-2.5x", 2.5).Varied(
        "onboarding-delayed", "2.5 times the load, and onboarding stands still for two weeks, twice, known three days ahead.", story => story with
        {
            Happenings = [Stands(day: 60), Stands(day: 130)],
        });

    private static Standstill Stands(int day) => new(TimeSpan.FromDays(day), "onboarding", Notice: TimeSpan.FromDays(3), Lasts: TimeSpan.FromDays(14));
}
