namespace CapacityMesh.Simulation.WhatIf;

/// <summary>What is expected of one week: where eight of ten futures lie, in whole leads, and the pool that limits in most of them.</summary>
public sealed record ForecastWeek(Spread Admitted, Spread Won, Spread Delivered, string? Constraint, double ConstraintShare);

/// <summary>Makes forecasts: the picture as it is, in many futures.</summary>
public static class Forecast
{
    /// <summary>Weeks of a forecast.</summary>
    public const int Weeks = 8;

    // A range's ends are single futures: fewer would make them jump from day to day.
    private const double TurnsBudget = 800_000;

    /// <summary>The weeks ahead, the nearest first; empty when cancelled before anything was known.</summary>
    public static IReadOnlyList<ForecastWeek> Make(Picture picture, ulong seed, int? seeds = null, Action<TimeSpan>? pause = null, CancellationToken cancel = default)
    {
        var start = LeadPlaces.Rebuild(SlotPlan.GoOn(picture, Weeks));
        var runs = Futures.Run([start], Weeks, seed, seeds ?? Futures.SeedsFor(start, Weeks, TurnsBudget), pause: pause, cancel: cancel)[0];
        return runs.Count == 0 ? [] : [.. Enumerable.Range(0, Weeks).Select(week => Of([.. runs.Select(r => r.Weeks[week])]))];
    }

    private static ForecastWeek Of(IReadOnlyList<WeekOutcome> futures)
    {
        var limits = futures.GroupBy(w => w.Constraint).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
        return new ForecastWeek(
            Counted(futures.Select(w => w.Admitted)), Counted(futures.Select(w => w.Won)), Counted(futures.Select(w => w.Delivered)),
            limits.Key, Math.Round((double)limits.Count() / futures.Count, 3));
    }

    // Leads are whole. An end between two of them is the nearer one: outwards, small counts would promise eight of ten and keep more than nine.
    private static Spread Counted(IEnumerable<int> counts)
    {
        var spread = Spread.Of(counts.Select(c => (double)c));
        return new Spread(Math.Round(spread.P10, MidpointRounding.AwayFromZero), spread.P50, Math.Round(spread.P90, MidpointRounding.AwayFromZero));
    }
}
