using System.Collections.Immutable;
using System.Globalization;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>The seed story: people who hold conversations, a founder in every deal, onboarding that takes few clients a month, and campaigns.</summary>
public static class SeedStory
{
    /// <summary>Share of leads that pass discovery.</summary>
    public const double DiscoveryPasses = 0.4;
    /// <summary>Share of those that the founder takes on.</summary>
    public const double ReviewPasses = 0.5;
    /// <summary>Leads a week that it carries.</summary>
    public const double Carries = 14;

    private static readonly DateTimeOffset Begins = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Its process: discovery by sales, review by the founder, onboarding by slots.</summary>
    public static Process Process { get; } = Process.Empty with
    {
        Pools = [new("sales", PoolKind.People), new("founder", PoolKind.People), new("onboarding", PoolKind.Slots)],
        Stages =
        [
            new("discovery", "sales", 1, (decimal)DiscoveryPasses, TimeSpan.FromDays(2), TimeSpan.FromHours(1)),
            new("review", "founder", 1, (decimal)ReviewPasses, TimeSpan.FromDays(3), Wins: true),
            new("onboarding", "onboarding", 1, 1, TimeSpan.FromDays(30)),
        ],
        Risk = 0.1m,
    };

    /// <summary>A person without hours: available whenever.</summary>
    public static SalespersonProfile Profile(string pool, decimal weekly, int concurrent = 10) => new([pool], weekly, concurrent, [], TimeZone: null, [], []);

    /// <summary>
    /// The story with so many times the load that it can carry: 2 salespeople with 20 a week, a founder with 10, 12 clients a month; it carries 14 leads a week.
    /// </summary>
    public static Scenario AtLoad(string name, double times) => Build(name, $"The seed story at {times.ToString(CultureInfo.InvariantCulture)} times the load that it carries.", salespeople: 2, founderWeekly: 10, slotsPerMonth: 12, leadsPerWeek: Carries * times);

    /// <summary>Act one: 2 people with 20 conversations a week each, 100 leads a week, ample founder and onboarding.</summary>
    public static Scenario ActOne { get; } = Build("act-1", "Two people, 100 leads a week, ample onboarding: sales is the constraint.", salespeople: 2, founderWeekly: 30, slotsPerMonth: 120, leadsPerWeek: 100);

    /// <summary>Act two: two more people join after eight weeks; what limits then is the founder.</summary>
    public static Scenario ActTwo { get; } = WithHires(
        Build("act-2", "Two people join after eight weeks: the constraint moves to the founder.", salespeople: 2, founderWeekly: 20, slotsPerMonth: 120, leadsPerWeek: 100), 2, TimeSpan.FromDays(56));

    /// <summary>Act three: onboarding takes three clients a month, while about ten deals a month would close.</summary>
    public static Scenario ActThree { get; } = Build("act-3", "Onboarding takes three clients a month and ten deals would close.", salespeople: 2, founderWeekly: 20, slotsPerMonth: 3, leadsPerWeek: 11.5, drain: TimeSpan.FromDays(400));

    /// <summary>Builds a story.</summary>
    public static Scenario Build(string name, string summary, int salespeople, decimal founderWeekly, int slotsPerMonth, double leadsPerWeek, TimeSpan? lasting = null, TimeSpan? drain = null)
    {
        var span = lasting ?? TimeSpan.FromDays(182);
        var scenario = new Scenario
        {
            Start = Begins,
            Span = span,
            Drain = drain ?? TimeSpan.FromDays(70),
            Rebuild = other => Build(name, summary, salespeople, founderWeekly, slotsPerMonth, leadsPerWeek, other, drain),
            Name = name,
            Summary = summary,
            Process = Process,
            People = [.. Enumerable.Range(1, salespeople).Select(i => new ScenarioPerson($"sales-{i}", Profile("sales", 20))), new ScenarioPerson("founder", Profile("founder", founderWeekly))],
            Campaigns = [Campaign("search", 12_000, 40), Campaign("social", 8_000, 25)],
            Arrivals = seeds => LeadStreams.Poisson(seeds, Begins, span, Campaigns(leadsPerWeek)),
            Fates = FatesAt(DiscoveryPasses, ReviewPasses),
        };
        return scenario with { Slots = EvenSlots(scenario, "onboarding", slotsPerMonth) };
    }

    /// <summary>Its campaigns and what they bring a week.</summary>
    public static (string Campaign, double PerWeek)[] Campaigns(double leadsPerWeek) => [("search", leadsPerWeek * 0.6), ("social", leadsPerWeek * 0.4)];

    /// <summary>Fates at these rates; each lead's luck is its own, whatever the rates.</summary>
    public static Func<SeedStreams, Fate> FatesAt(double discovery, double review) => seeds => (lead, stage) =>
        (seeds.Fresh($"fate/{lead}/{stage}").Chance(stage switch { "discovery" => discovery, "review" => review, _ => 1 }) ? StageOutcome.Passed : StageOutcome.Lost, null);

    private static ScenarioCampaign Campaign(string id, decimal value, decimal costPerLead) =>
        new(id, CampaignProfile.Default with { Channel = id == "search" ? "google" : "meta", ValuePerWin = new Money(value, "EUR") }, costPerLead);

    private static ImmutableArray<PlannedSlot> EvenSlots(Scenario scenario, string pool, int perMonth)
    {
        var every = TimeSpan.FromDays(30.0 / perMonth);
        var length = every < TimeSpan.FromDays(1) ? every / 2 : TimeSpan.FromHours(8);
        var slots = ImmutableArray.CreateBuilder<PlannedSlot>();
        for (var at = scenario.Start + (every / 2); at < scenario.End + scenario.Drain; at += every)
        {
            slots.Add(new PlannedSlot($"slot-{slots.Count + 1:D4}", pool, at, at + length));
        }
        return slots.ToImmutable();
    }

    private static Scenario WithHires(Scenario scenario, int count, TimeSpan after) => scenario with
    {
        Rebuild = other => WithHires(scenario.Lasting(other), count, after),
        People = scenario.People.AddRange(Enumerable.Range(1, count).Select(i => new ScenarioPerson($"sales-new-{i}", Profile("sales", 20), after))),
    };
}
