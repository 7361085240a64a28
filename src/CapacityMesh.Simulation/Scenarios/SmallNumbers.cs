namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Three onboarding slots a month: every rate is a fraction a day. A year, since half of one has only eighteen slots.</summary>
public static class SmallNumbers
{
    private const int SlotsPerMonth = 3;

    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.Build(
        "small-numbers", "Three slots a month and 2.5 times the leads that fill them, for a year.", salespeople: 2, founderWeekly: 10, SlotsPerMonth,
        leadsPerWeek: SeedStory.Carries * SlotsPerMonth / 12 * 2.5, lasting: TimeSpan.FromDays(364), drain: TimeSpan.FromDays(400));
}
