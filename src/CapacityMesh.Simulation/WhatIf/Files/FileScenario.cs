using CapacityMesh.Core.Execution;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>A described business as a scenario on which policies are compared.</summary>
public static class FileScenario
{
    /// <summary>The scenario.</summary>
    public static Scenario Of(ScenarioFile file)
    {
        var picture = file.Picture;
        var span = TimeSpan.FromDays(7 * file.Weeks);
        return new Scenario
        {
            Name = file.Name,
            Summary = $"{file.Name}: {picture.People.Count} people, {picture.Campaigns.Count} campaigns, {file.Weeks} weeks.",
            Start = picture.At,
            Span = span,
            Process = picture.Process,
            People = [.. picture.People.Select(p => new ScenarioPerson(p.Key, p.Value.Profile))],
            Slots = [.. picture.Slots.Select(s => new PlannedSlot(s.Key, s.Value.Pool, s.Value.StartsAt, s.Value.EndsAt)).OrderBy(s => s.StartsAt)],
            Campaigns = [.. picture.Campaigns.Select(c => new ScenarioCampaign(c.Key, c.Value.Profile, picture.CostPerLead.GetValueOrDefault(c.Key)?.Amount ?? 0))],
            Arrivals = seeds => LeadStreams.Poisson(seeds, picture.At, span, [.. picture.Arrivals.Select(a => (a.Key, a.Value.PerWeek))]),
            Fates = seeds => (lead, stage) => (seeds.Fresh($"fate/{lead}/{stage}").Chance(picture.Rates[stage].Rate) ? StageOutcome.Passed : StageOutcome.Lost, picture.Rates[stage].Work),
        };
    }
}
