namespace CapacityMesh.Simulation.Scenarios;

/// <summary>One of two salespeople falls ill for a week, three times, without notice, where sales is the constraint.</summary>
public static class SalespersonIll
{
    /// <summary>The scenario.</summary>
    public static Scenario Scenario { get; } = SeedStory.ActOne.Varied(
        "salesperson-ill", "2.5 times what sales carries, and one of two salespeople falls ill for a week, three times.", story => story with
        {
            Happenings = [Ill(day: 42), Ill(day: 91), Ill(day: 140)],
        });

    // From Monday to Monday: a budget of any seven days returns at once to whoever is back, so that only whole weeks cost what the bound counts.
    private static Illness Ill(int day) => new(TimeSpan.FromDays(day), "sales-1", TimeSpan.FromDays(7));
}
