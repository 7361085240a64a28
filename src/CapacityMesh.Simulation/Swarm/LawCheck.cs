using System.Diagnostics;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>Many seeds, one after the other or several at once; the report is the same either way.</summary>
public static class LawCheck
{
    /// <summary>Seeds of one batch at most: half a day.</summary>
    public const int SeedsMax = 100_000;

    /// <summary>Seeds from which on a batch must have reached every moment.</summary>
    public const int SeedsForMoments = 50;

    // Every so many seeds one is run again, and must be the same run bit for bit (law 10).
    private const ulong RepeatEvery = 20;

    /// <summary>Runs seeds until the first that fails, or until cancelled; then what is known so far.</summary>
    /// <param name="first">First seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Told now and then how many are done.</param>
    /// <param name="cancel">Stops.</param>
    public static LawReport Run(ulong first, int count, Action<int>? progress = null, CancellationToken cancel = default)
    {
        var began = Stopwatch.GetTimestamp();
        var results = new SwarmResult?[count];
        var (done, failed) = (0, count);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (i, loop) =>
        {
            // A seed after one that failed tells nothing more; those before it still count, so that the report does not depend on luck.
            if (cancel.IsCancellationRequested || i > Volatile.Read(ref failed)) return;
            var result = One(first + (ulong)i, cancel);
            if (cancel.IsCancellationRequested) return;
            results[i] = result;
            if (result.Broken.Count > 0) Lower(ref failed, i);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        var finished = results.Take(failed == count ? count : failed + 1).OfType<SwarmResult>().ToArray();
        return LawReport.Of(finished, count, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Runs one seed, and now and then once more for comparison.</summary>
    public static SwarmResult One(ulong seed, CancellationToken cancel = default)
    {
        var result = Once(seed, cancel);
        if (seed % RepeatEvery != 0 || result.Broken.Count > 0 || cancel.IsCancellationRequested) return result;
        var again = Once(seed, cancel);
        return again.Digest == result.Digest || cancel.IsCancellationRequested ? result : result with { Broken = [$"same seed, same run: {result.Digest:x16}, then {again.Digest:x16}"] };
    }

    private static SwarmResult Once(ulong seed, CancellationToken cancel)
    {
        var run = new SwarmRun(SwarmPlan.Draw(seed));
        return run.Run(cancel);
    }

    private static void Lower(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); value < seen;)
        {
            var was = Interlocked.CompareExchange(ref place, value, seen);
            if (was == seen) return;
            seen = was;
        }
    }
}
