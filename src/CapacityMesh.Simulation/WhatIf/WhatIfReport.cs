namespace CapacityMesh.Simulation.WhatIf;

/// <summary>The pool that limits, as the futures see it.</summary>
/// <param name="Pool">The pool that is it most of the time; null when nothing limits.</param>
/// <param name="Share">Share of the time that it is, 0 to 1.</param>
/// <param name="Next">The pool that would be next.</param>
public sealed record ConstraintOutlook(string? Pool, double Share, string? Next);

/// <summary>Waits for one pool, in hours.</summary>
public sealed record WaitOutlook(string Pool, Spread P50Hours, Spread P90Hours);

/// <summary>Spend in one currency.</summary>
public sealed record SpendOutlook(string Currency, Spread Amount);

/// <summary>What to expect: every figure with its range over the seeds.</summary>
public sealed record Outlook(
    ConstraintOutlook Constraint, Spread SustainablePerWeek, Spread Captured, Spread Admitted, Spread Won, Spread Delivered, Spread BrokenPromises, Spread TurnedAway,
    Spread Waitlist, IReadOnlyList<WaitOutlook> Waits, IReadOnlyList<SpendOutlook> Spend);

/// <summary>After less before, on the same seeds: narrower than the two ranges, since luck is the same on both sides.</summary>
public sealed record Difference(Spread SustainablePerWeek, Spread Admitted, Spread Won, Spread Delivered, Spread BrokenPromises, IReadOnlyList<SpendOutlook> Spend);

/// <summary>Before and after.</summary>
/// <param name="AsOf">When the picture was taken.</param>
/// <param name="Weeks">How far it looks.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Seeds">Futures on each side.</param>
/// <param name="Summary">In a sentence or two.</param>
/// <param name="Before">Without the changes.</param>
/// <param name="After">With them.</param>
/// <param name="Difference">What they change.</param>
/// <param name="Assumptions">What had to be assumed.</param>
public sealed record WhatIfReport(
    DateTimeOffset AsOf, int Weeks, ulong Seed, int Seeds, string Summary, Outlook Before, Outlook After, Difference Difference, IReadOnlyList<string> Assumptions);
