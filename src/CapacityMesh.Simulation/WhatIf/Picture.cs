using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>How many leads a campaign would bring with its full budget.</summary>
/// <param name="PerWeek">Leads a week, 0 and up.</param>
/// <param name="Seen">Leads that the rate was learned from: the fewer, the wider it is drawn. 0 when it is taken as given.</param>
public readonly record struct ArrivalRate(double PerWeek, double Seen);

/// <summary>How often a stage passes a lead on.</summary>
/// <param name="Rate">Share of leads, 0 to 1.</param>
/// <param name="Outcomes">Outcomes, the prior's included, that the rate rests on: the fewer, the wider it is drawn. 0 when it is taken as given.</param>
/// <param name="Work">How long the work takes from acceptance on average; null for the habit of diligent people.</param>
public readonly record struct StageRate(double Rate, double Outcomes, TimeSpan? Work);

/// <summary>
/// A business at one instant: the states of its machines, and what is known of the world around it. Leads are the authority: queues, people's work and
/// slots are rebuilt from where the leads are, so that a picture is consistent although its parts were read one after the other. Holds no personal datum.
/// </summary>
public sealed record Picture
{
    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Process, gate, constraint and spend plan.</summary>
    public required FlowState Flow { get; init; }
    /// <summary>The pools; what they learned is kept, who waits in them is rebuilt.</summary>
    public ImmutableSortedDictionary<string, PoolState> Pools { get; init; } = Empty<PoolState>();
    /// <summary>The people.</summary>
    public ImmutableSortedDictionary<string, SalespersonState> People { get; init; } = Empty<SalespersonState>();
    /// <summary>Slots whose time is not over.</summary>
    public ImmutableSortedDictionary<string, SlotState> Slots { get; init; } = Empty<SlotState>();
    /// <summary>The campaigns.</summary>
    public ImmutableSortedDictionary<string, CampaignState> Campaigns { get; init; } = Empty<CampaignState>();
    /// <summary>Leads that are not closed.</summary>
    public ImmutableSortedDictionary<string, LeadState> Leads { get; init; } = Empty<LeadState>();
    /// <summary>Who comes, by campaign.</summary>
    public ImmutableSortedDictionary<string, ArrivalRate> Arrivals { get; init; } = Empty<ArrivalRate>();
    /// <summary>Who passes, by stage.</summary>
    public ImmutableSortedDictionary<string, StageRate> Rates { get; init; } = Empty<StageRate>();
    /// <summary>What a lead of a campaign costs; campaigns of which nothing is known are absent.</summary>
    public ImmutableSortedDictionary<string, Money> CostPerLead { get; init; } = Empty<Money>();
    /// <summary>What had to be assumed, a sentence each.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];

    /// <summary>The process in force.</summary>
    public Process Process => Flow.Process;

    /// <summary>With one more assumption.</summary>
    public Picture Assuming(string sentence) => this with { Assumptions = Assumptions.Add(sentence) };

    /// <summary>People who serve a pool.</summary>
    public IEnumerable<KeyValuePair<string, SalespersonState>> PeopleOf(string pool) =>
        People.Where(p => p.Value.Phase is SalespersonPhase.Active && p.Value.Profile.Pools.Contains(pool));

    /// <summary>An ordinal map with nothing in it.</summary>
    public static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
