namespace CapacityMesh.Web.Callouts;

/// <summary>When a call that failed is made again: the pause doubles, and half of it is chance, so that many do not come back at once.</summary>
internal sealed class Backoff(WebOptions options)
{
    // Longer than this, and a receiver that is well again waits for nothing.
    private static readonly TimeSpan PauseMax = TimeSpan.FromHours(1);
    private const int DoublingsMax = 20;

    /// <summary>The instant of the next attempt; null when it is time to give up.</summary>
    public DateTimeOffset? Next(DateTimeOffset now, DateTimeOffset since, int attempts, TimeSpan? atLeast = null)
    {
        if (now - since >= options.CalloutGiveUpAfter) return null;
        var pause = options.CalloutRetryAfter * Math.Pow(2, Math.Min(attempts - 1, DoublingsMax));
        if (pause > PauseMax) pause = PauseMax;
#pragma warning disable CA5394 // Chance against crowds, not against attackers.
        pause *= 0.5 + (Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
        if (atLeast is { } asked && asked > pause) pause = asked < PauseMax ? asked : PauseMax;
        return now + pause;
    }
}
