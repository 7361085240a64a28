using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal;

/// <summary>What a caller owes every journal. A breach is a defect of ours: it is refused before anything is written.</summary>
internal static class JournalRules
{
    /// <summary>Stops a batch that no journal could store truthfully.</summary>
    /// <exception cref="InvariantBrokenException">The batch breaks the contract of <see cref="CommitBatch"/>.</exception>
    public static void Require(CommitBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var append in batch.Appends)
        {
            Invariant.Require(append.ExpectedVersion >= 0 && append.Version > append.ExpectedVersion, "an append moves its entity's version on");
        }
        Invariant.Require(AreDistinct(batch.Appends.Count, i => batch.Appends[i].Entity), "a batch appends at most once to an entity");
        Invariant.Require(AreDistinct(batch.EffectsAdded.Count, i => batch.EffectsAdded[i].Id), "a batch adds an effect at most once");
        Invariant.Require(AreDistinct(batch.Requests.Count, i => (batch.Requests[i].Workspace, batch.Requests[i].Key)), "a batch changes an idempotency key at most once");
        Require(batch.Rows);
    }

    /// <summary>Stops row changes that hold too large a value.</summary>
    /// <exception cref="InvariantBrokenException">A value is larger than <see cref="IRowStore.ValueBytesMax"/>.</exception>
    public static void Require(IReadOnlyList<RowChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        for (var i = 0; i < changes.Count; i++)
        {
            Invariant.Require(changes[i].Value is not { Length: > IRowStore.ValueBytesMax }, "a row's value stays within its limit");
        }
    }

    /// <summary>Stops a page that is empty or larger than anyone needs.</summary>
    /// <exception cref="InvariantBrokenException">The limit is not within 1 and <see cref="JournalLimits.PageMax"/>.</exception>
    public static void RequirePage(int limit) => Invariant.Require(limit is > 0 and <= JournalLimits.PageMax, "a page has 1 to 100,000 rows");

    /// <summary>Stops a query of the lead index with a limit beyond its bounds.</summary>
    /// <exception cref="InvariantBrokenException">The limit is not within 1 and <see cref="JournalLimits.LeadPageMax"/>.</exception>
    public static void Require(LeadQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Invariant.Require(query.Limit is > 0 and <= JournalLimits.LeadPageMax, "a page of leads has 1 to 500 rows");
    }

    private static bool AreDistinct<T>(int count, Func<int, T> at)
    {
        if (count < 2) return true;
        var seen = new HashSet<T>(count);
        for (var i = 0; i < count; i++)
        {
            if (!seen.Add(at(i))) return false;
        }
        return true;
    }
}
