using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Scenarios;

/// <summary>A lead that knocks.</summary>
/// <param name="At">When.</param>
/// <param name="LeadId">Who.</param>
/// <param name="Campaign">From where.</param>
public readonly record struct Arrival(DateTimeOffset At, string LeadId, string Campaign);

/// <summary>A slot in the plan.</summary>
public readonly record struct PlannedSlot(string Id, string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A campaign of a scenario.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Profile">What it is.</param>
/// <param name="CostPerLead">What a lead of it costs, in the currency of its budget.</param>
public sealed record ScenarioCampaign(string Id, CampaignProfile Profile, decimal CostPerLead);

/// <summary>A person of a scenario.</summary>
/// <param name="Id">Their id.</param>
/// <param name="Profile">What they offer.</param>
/// <param name="JoinsAfter">When they join, from the start.</param>
public sealed record ScenarioPerson(string Id, SalespersonProfile Profile, TimeSpan JoinsAfter = default);

/// <summary>Leads that come from then on pass a stage at another rate than the process says.</summary>
/// <param name="After">From when on, from the start.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="PassRate">The new rate, 0 to 1.</param>
public readonly record struct RateChange(TimeSpan After, string Stage, double PassRate);

/// <summary>A business and what happens to it, in virtual time. Everything random is drawn from the seed's streams.</summary>
public sealed record Scenario
{
    /// <summary>Its name on the command line.</summary>
    public required string Name { get; init; }
    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }
    /// <summary>When it begins, UTC.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    /// <summary>How long leads arrive.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromDays(7 * 26);
    /// <summary>How long it goes on without new leads, so that what was begun can end.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromDays(7 * 10);
    /// <summary>The process.</summary>
    public required Process Process { get; init; }
    /// <summary>The people.</summary>
    public required ImmutableArray<ScenarioPerson> People { get; init; }
    /// <summary>The slots, drain included.</summary>
    public ImmutableArray<PlannedSlot> Slots { get; init; } = [];
    /// <summary>The campaigns.</summary>
    public required ImmutableArray<ScenarioCampaign> Campaigns { get; init; }
    /// <summary>Who would come if every campaign always ran, in order of time.</summary>
    public required Func<SeedStreams, IEnumerable<Arrival>> Arrivals { get; init; }
    /// <summary>How stages end.</summary>
    public required Func<SeedStreams, Fate> Fates { get; init; }
    /// <summary>How people behave.</summary>
    public Habits Habits { get; init; } = Habits.Diligent;
    /// <summary>Whether the arrivals are history, which no signal can change: then campaigns do not follow it.</summary>
    public bool ArrivalsAreHistory { get; init; }

    /// <summary>What happens to the business while leads come.</summary>
    public ImmutableArray<Happening> Happenings { get; init; } = [];
    /// <summary>Changes of what leads are worth, in order of time. Whoever makes <see cref="Fates"/> follows them; the fluid bound knows them.</summary>
    public ImmutableArray<RateChange> RateChanges { get; init; } = [];
    /// <summary>Time from the click, which a signal can still prevent, to the lead's arrival here.</summary>
    public TimeSpan AdLag { get; init; }

    /// <summary>The rate at which leads that come at an instant pass a stage in truth.</summary>
    public double PassRateOf(string stage, DateTimeOffset at)
    {
        var rate = (double)Process.Stages[Process.IndexOf(stage)].PassRate;
        foreach (var change in RateChanges)
        {
            if (change.Stage == stage && Start + change.After <= at) rate = change.PassRate;
        }
        return rate;
    }

    /// <summary>The chance that a lead that comes at an instant passes every stage from one on.</summary>
    public double DeliveryChance(DateTimeOffset at, int fromStage = 0) => Process.Stages.Skip(fromStage).Aggregate(1.0, (chance, stage) => chance * PassRateOf(stage.Id, at));

    /// <summary>A scenario made from this one, which makes it anew for another span as well.</summary>
    public Scenario Varied(string name, string summary, Func<Scenario, Scenario> change) => change(this with { Name = name, Summary = summary }) with
    {
        Rebuild = span => Lasting(span).Varied(name, summary, change),
    };

    /// <summary>The same scenario with another span.</summary>
    public Scenario Lasting(TimeSpan span) => Rebuild is { } rebuild ? rebuild(span) : this with { Span = span };

    /// <summary>Makes the scenario anew for another span; null when it only needs cutting.</summary>
    public Func<TimeSpan, Scenario>? Rebuild { get; init; }

    /// <summary>Last instant at which leads arrive.</summary>
    public DateTimeOffset End => Start + Span;
}
