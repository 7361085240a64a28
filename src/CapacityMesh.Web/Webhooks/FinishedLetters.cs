namespace CapacityMesh.Web.Webhooks;

/// <summary>Ids of deliveries that are over, the newest of them: older ones are forgotten.</summary>
internal sealed class FinishedLetters(int kept)
{
    private readonly Lock turn = new();
    private readonly SortedSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Notes one; the id that is to be forgotten for it, if any.</summary>
    public string? Note(string id)
    {
        lock (turn)
        {
            if (!ids.Add(id) || ids.Count <= kept) return null;
            var oldest = ids.Min!;
            ids.Remove(oldest);
            return oldest;
        }
    }

    /// <summary>It is not over any more.</summary>
    public void Forget(string id)
    {
        lock (turn) ids.Remove(id);
    }
}
