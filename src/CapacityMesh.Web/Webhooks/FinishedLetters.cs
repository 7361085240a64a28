namespace CapacityMesh.Web.Webhooks;

/// <summary>
/// Ids of deliveries that are over, the newest of them: older ones are forgotten, once whoever takes over does not read back so far. It knows by their rows
/// what was told.
/// </summary>
/// <param name="kept">As many as a person looks through.</param>
/// <param name="keptFor">How long one is kept beyond that.</param>
internal sealed class FinishedLetters(int kept, TimeSpan keptFor)
{
    /// <summary>Ids at most: 400 messages a second for two minutes, some MB. Beyond them a takeover tells some again.</summary>
    public const int Max = 50_000;

    // More than one for each that is noted, so that what a busy minute left goes in a quiet one.
    private const int ForgottenMax = 2;
    private readonly Lock turn = new();
    private readonly SortedSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Notes one; the ids that are to be forgotten for it.</summary>
    public IReadOnlyList<string> Note(string id, DateTimeOffset now)
    {
        lock (turn)
        {
            ids.Add(id);
            // Ids begin with their instant.
            var fresh = WebhookWords.DeliveryIdsSince(now - keptFor);
            var forgotten = new List<string>(0);
            while (forgotten.Count < ForgottenMax && ids.Count > kept && ids.Min is { } oldest && (ids.Count > Max || string.CompareOrdinal(oldest, fresh) < 0))
            {
                ids.Remove(oldest);
                forgotten.Add(oldest);
            }
            return forgotten;
        }
    }

    /// <summary>One that an earlier life has left.</summary>
    public void Keep(string id)
    {
        lock (turn) ids.Add(id);
    }

    /// <summary>It is not over any more.</summary>
    public void Forget(string id)
    {
        lock (turn) ids.Remove(id);
    }
}
