using CapacityMesh.Simulation.WhatIf.Changes;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Answers what a change would bring: before and after, from the same picture, on the same seeds.</summary>
/// <param name="Weeks">How far to look; 1 to <see cref="Futures.WeeksMax"/>.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Changes">Together.</param>
public sealed record WhatIfQuestion(int Weeks, ulong Seed, IReadOnlyList<Change> Changes)
{
    /// <summary>Eight weeks.</summary>
    public const int DefaultWeeks = 8;

    // Work on both sides together that ends within a second or two on one core, and within three seconds when nothing is compiled yet. By turns and not by the clock: the same question
    // shall get the same futures.
    private const double TurnsBudget = 200_000;

    // Before and after side by side; somebody waits for the answer.
    private const int SidesAtOnce = 2;

    /// <summary>The answer.</summary>
    /// <param name="picture">The business, as it was taken.</param>
    /// <param name="seeds">Futures on each side; null for as many as the answer's time allows.</param>
    /// <param name="pause">Called between two runs with the time that the last one took.</param>
    /// <param name="cancel">Stops; what is complete by then is the answer.</param>
    /// <returns>The report; null when not one seed was complete.</returns>
    public WhatIfReport? Answer(Picture picture, int? seeds = null, Action<TimeSpan>? pause = null, CancellationToken cancel = default)
    {
        var start = SlotPlan.GoOn(picture, Weeks);
        var changed = Changes.Aggregate(start, (now, change) => change.Apply(now, Weeks));
        var (before, after) = (LeadPlaces.Rebuild(start), LeadPlaces.Rebuild(changed));
        var count = seeds ?? Futures.SeedsFor(after, Weeks, TurnsBudget / 2);
        var outcomes = Futures.Run([before, after], Weeks, Seed, count, Math.Min(SidesAtOnce, Environment.ProcessorCount), pause, cancel);
        return outcomes[0].Count == 0 ? null : Report(start, before, after, outcomes[0], outcomes[1], changed.Assumptions);
    }

    private WhatIfReport Report(Picture start, Picture before, Picture after, IReadOnlyList<RunOutcome> without, IReadOnlyList<RunOutcome> with, IReadOnlyList<string> assumptions)
    {
        var (one, other, between) = (Outlooks.Of(before.Process, without), Outlooks.Of(after.Process, with), Outlooks.Between(without, with));
        return new WhatIfReport(before.At, Weeks, Seed, without.Count, WhatIfWords.Summary(start, this, one, other, between), one, other, between, assumptions);
    }
}
