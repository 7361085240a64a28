namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Runs futures of pictures, a seed at a time, all pictures of one seed before the next seed: what is cut short is cut fairly.</summary>
public static class Futures
{
    /// <summary>Weeks that anybody may look ahead: beyond a year the business is another one.</summary>
    public const int WeeksMax = 52;

    /// <summary>Seeds at most: more changes no second digit of a range.</summary>
    public const int SeedsMax = 200;

    // Fewer say nothing about a range.
    private const int SeedsMin = 6;

    /// <summary>Runs every picture on every seed.</summary>
    /// <param name="pictures">Consistent pictures of one instant.</param>
    /// <param name="weeks">How far.</param>
    /// <param name="seed">The first seed; the others follow it.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="pause">Called between two runs, so that the caller can leave the machine to others.</param>
    /// <param name="cancel">Stops; what is complete by then is returned.</param>
    /// <returns>Outcomes by picture; every picture has as many.</returns>
    public static IReadOnlyList<IReadOnlyList<RunOutcome>> Run(
        IReadOnlyList<Picture> pictures, int weeks, ulong seed, int seeds, Action<TimeSpan>? pause = null, CancellationToken cancel = default)
    {
        var outcomes = pictures.Select(_ => new List<RunOutcome>()).ToArray();
        for (var i = 0; i < seeds; i++)
        {
            var ofSeed = new List<RunOutcome>();
            foreach (var picture in pictures)
            {
                var started = TimeProvider.System.GetTimestamp();
                var run = new PictureRun(picture, weeks, seed + (ulong)i);
                if (run.Run(cancel) is not { } outcome) return outcomes;
                ofSeed.Add(outcome);
                pause?.Invoke(TimeProvider.System.GetElapsedTime(started));
            }
            for (var p = 0; p < outcomes.Length; p++) outcomes[p].Add(ofSeed[p]);
        }
        return outcomes;
    }

    /// <summary>Seeds that fit a budget of work, from the size of the picture alone, so that the same question gets the same answer on every machine.</summary>
    /// <param name="picture">The larger of the pictures.</param>
    /// <param name="weeks">How far.</param>
    /// <param name="budget">Work that one picture may cost, in turns.</param>
    public static int SeedsFor(Picture picture, int weeks, double budget)
    {
        var coming = picture.Arrivals.Values.Sum(a => a.PerWeek);
        // Spend follows what the business carries: of a flood only so much comes.
        var carried = picture.Flow.SustainablePerWeek > 0 ? Math.Min(coming, (double)picture.Flow.SustainablePerWeek * 1.5) : coming;
        return (int)Math.Clamp(budget / TurnsOf(weeks, picture.Leads.Count + (carried * weeks), picture.People.Count), SeedsMin, SeedsMax);
    }

    // Flow looks around every half hour, people every six hours, and a lead's way takes about forty turns of all machines together.
    private static double TurnsOf(int weeks, double leads, int people) => (weeks * 7 * 48) + (weeks * 7 * 6 * people) + (leads * 40);
}
