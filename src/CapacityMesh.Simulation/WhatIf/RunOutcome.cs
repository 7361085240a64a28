using System.Collections.Immutable;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>One week of one future.</summary>
public sealed record WeekOutcome(int Admitted, int Won, int Delivered, string? Constraint);

/// <summary>How long leads waited for a pool, in hours: the middle one, and the one that nine of ten stay below.</summary>
public readonly record struct WaitOutcome(double P50Hours, double P90Hours);

/// <summary>What one future brought.</summary>
/// <param name="Captured">Leads that came.</param>
/// <param name="Weeks">By week.</param>
/// <param name="BrokenPromises">Share of the leads in progress to whom a promise was broken, 0 to 1.</param>
/// <param name="TurnedAway">Leads that the waitlist had no place for, or kept too long.</param>
/// <param name="Waitlist">Leads at the gate in the end.</param>
/// <param name="SustainablePerWeek">New leads a week that the business carries, mean over the weeks.</param>
/// <param name="Constraint">Share of the time that each pool was the constraint.</param>
/// <param name="Next">The pool that would be next, in the end.</param>
/// <param name="Waits">By pool; those that took nobody are absent.</param>
/// <param name="Spend">By currency.</param>
public sealed record RunOutcome(
    int Captured, ImmutableArray<WeekOutcome> Weeks, double BrokenPromises, int TurnedAway, int Waitlist, double SustainablePerWeek,
    ImmutableSortedDictionary<string, double> Constraint, string? Next, ImmutableSortedDictionary<string, WaitOutcome> Waits, ImmutableSortedDictionary<string, double> Spend)
{
    /// <summary>Leads let in.</summary>
    public int Admitted => Weeks.Sum(w => w.Admitted);

    /// <summary>Deals won.</summary>
    public int Won => Weeks.Sum(w => w.Won);

    /// <summary>Leads delivered.</summary>
    public int Delivered => Weeks.Sum(w => w.Delivered);
}
