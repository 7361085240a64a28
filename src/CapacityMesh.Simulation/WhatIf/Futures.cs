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
    /// <param name="atOnce">Runs at the same time, each on a thread of its own; the outcomes are the same.</param>
    /// <param name="pause">Called after each run, so that the caller can leave the machine to others; by one thread at a time.</param>
    /// <param name="cancel">Stops; what is complete by then is returned.</param>
    /// <returns>Outcomes by picture; every picture has as many.</returns>
    public static IReadOnlyList<IReadOnlyList<RunOutcome>> Run(
        IReadOnlyList<Picture> pictures, int weeks, ulong seed, int seeds, int atOnce = 1, Action<TimeSpan>? pause = null, CancellationToken cancel = default)
    {
        var outcomes = new RunOutcome?[seeds, pictures.Count];
        var (next, pausing) = (-1, new Lock());
        var others = Enumerable.Range(1, atOnce - 1).Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Work();
        Task.WaitAll(others, CancellationToken.None);
        var complete = Enumerable.Range(0, seeds).TakeWhile(s => Enumerable.Range(0, pictures.Count).All(p => outcomes[s, p] is not null)).Count();
        return [.. pictures.Select((_, p) => Enumerable.Range(0, complete).Select(s => outcomes[s, p]!).ToArray())];

        void Work()
        {
            while (!cancel.IsCancellationRequested && Interlocked.Increment(ref next) is var turn && turn < outcomes.Length)
            {
                var (ofSeed, which) = (turn / pictures.Count, turn % pictures.Count);
                var started = TimeProvider.System.GetTimestamp();
                outcomes[ofSeed, which] = new PictureRun(pictures[which], weeks, seed + (ulong)ofSeed).Run(cancel);
                lock (pausing) pause?.Invoke(TimeProvider.System.GetElapsedTime(started));
            }
        }
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
