namespace CapacityMesh.Core.Capture;

/// <summary>Intent in points, which fades: what somebody did last month says less than what they did today.</summary>
public static class IntentScore
{
    /// <summary>The most that counts, in points.</summary>
    public const int Max = 1_000;

    /// <summary>After this long half of it is left: 7 days.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);

    /// <summary>
    /// What is left of a score: halved with each half-life, and in between along a straight line, so that whole numbers suffice and every machine
    /// counts alike.
    /// </summary>
    /// <param name="points">The score at <paramref name="since"/>, 0 to <see cref="Max"/>.</param>
    /// <param name="since">When it was that; null when it never was anything.</param>
    /// <param name="now">The instant asked about; before <paramref name="since"/> nothing has faded.</param>
    public static int At(int points, DateTimeOffset? since, DateTimeOffset now)
    {
        if (points <= 0 || since is not { } from) return 0;
        var age = Math.Max(0, (now - from).Ticks);
        var halves = age / HalfLife.Ticks;
        if (halves > 10) return 0;
        // Twice the score, less the share of this half-life that has passed.
        var share = age % HalfLife.Ticks / TimeSpan.TicksPerMinute;
        var whole = HalfLife.Ticks / TimeSpan.TicksPerMinute;
        return (int)(points * ((2 * whole) - share) / (2 * whole) >> (int)halves);
    }

    /// <summary>The score after something more was shown.</summary>
    public static int Plus(int points, DateTimeOffset? since, DateTimeOffset now, int more) => Math.Min(Max, At(points, since, now) + more);
}
