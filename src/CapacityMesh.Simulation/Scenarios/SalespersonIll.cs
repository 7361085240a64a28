namespace CapacityMesh.Simulation.Scenarios;

/// <summary>One of two salespeople falls ill for a week, three times, without notice, where sales is the constraint.</summary>
public static class SalespersonIll
{
    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.ActOne.Varied(
        "salesperson-ill", "2.5 times what sales carries, and one of two salespeople falls ill for a week, three times.", story => story with
        {
            Happenings = [Ill(day: 38), Ill(day: 87), Ill(day: 143)],
        });

    private static Illness Ill(int day) => new(TimeSpan.FromDays(day) + TimeSpan.FromHours(9), "sales-1", TimeSpan.FromDays(7));
}
