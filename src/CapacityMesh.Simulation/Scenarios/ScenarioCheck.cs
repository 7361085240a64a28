using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>Whether a scenario can be run at all, before the first turn.</summary>
public static class ScenarioCheck
{
    /// <summary>Longest span: ten years. Longer ones say nothing that a business could use, and slots cannot be planned beyond.</summary>
    public static readonly TimeSpan SpanMax = TimeSpan.FromDays(3_660);

    /// <summary>Most people: beyond it one pool's limit refuses them anyway.</summary>
    public const int PeopleMax = 2_000;

    /// <summary>Most leads of one run: about ten minutes and a gigabyte. A run that reaches it goes on without further leads, and says so.</summary>
    public const int LeadsMax = 1_000_000;

    /// <summary>Everything that is wrong, one sentence each; empty when it can be run.</summary>
    public static IReadOnlyList<string> Check(Scenario scenario)
    {
        var wrong = new List<string>();
        if (scenario.Span <= TimeSpan.Zero || scenario.Span > SpanMax) wrong.Add($"The scenario lasts {scenario.Span.TotalDays:0} days; it may last up to {SpanMax.TotalDays:0}.");
        if (scenario.Drain < TimeSpan.Zero || scenario.Drain > SpanMax) wrong.Add($"The drain lasts {scenario.Drain.TotalDays:0} days; it may last up to {SpanMax.TotalDays:0}.");
        if (scenario.AdLag < TimeSpan.Zero || scenario.AdLag > TimeSpan.FromDays(7)) wrong.Add("The lag between click and lead lies between 0 and 7 days.");
        if (scenario.People.Length > PeopleMax) wrong.Add($"There are {scenario.People.Length} people; at most {PeopleMax} can be simulated.");
        foreach (var error in scenario.Process.Check()) wrong.Add($"process.{error.Field}: {error.Text}");
        if (wrong.Count > 0) return wrong;
        foreach (var pool in scenario.Process.Pools.Where(p => scenario.Process.Stages.Any(s => s.Pool == p.Id))) CheckPool(scenario, pool.Id, wrong);
        return wrong;
    }

    private static void CheckPool(Scenario scenario, string pool, List<string> wrong)
    {
        if (scenario.Process.KindOf(pool) is PoolKind.Slots)
        {
            if (!scenario.Slots.Any(s => s.Pool == pool)) wrong.Add($"The pool {pool} has no slots: nobody can be delivered.");
            return;
        }
        var people = scenario.People.Where(p => p.Profile.Pools.Contains(pool)).ToArray();
        if (people.Length == 0) wrong.Add($"The pool {pool} has no people: nobody can be served.");
        else if (people.All(p => p.Profile.WeeklyCapacity <= 0)) wrong.Add($"The people of {pool} have no capacity: nobody can be served.");
    }
}
