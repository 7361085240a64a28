namespace CapacityMesh.Runtime.Journal;

/// <summary>Effects that were parked, and their way back.</summary>
public static class Parking
{
    /// <summary>Effects looked through at most: parked ones are defects, and a thousand of them are one defect.</summary>
    public const int LookMax = 1_000;

    /// <summary>
    /// Lets a parked effect be tried again, behind whatever waits by now: it is taken out and put in anew under its own id, in one transaction. Null when
    /// it is not parked, or somebody else was faster.
    /// </summary>
    public static async ValueTask<StoredEffect?> UnparkAsync(this IJournal journal, string effect, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var parked = (await journal.ParkedAsync(LookMax, cancel).ConfigureAwait(false)).Where(p => p.Effect.Id.ToString() == effect).Take(1).ToArray();
        if (parked is not [{ Effect: var found }]) return null;
        var batch = new CommitBatch();
        batch.EffectsConsumed.Add(found.Id);
        batch.EffectsAdded.Add(found with { Sequence = 0 });
        return await journal.CommitAsync(batch, cancel).ConfigureAwait(false) is CommitResult.Committed ? found : null;
    }
}
