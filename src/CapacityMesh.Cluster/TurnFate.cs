using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster;

/// <summary>What became of a turn that was handed to the committer.</summary>
public abstract record TurnFate
{
    private TurnFate() { }

    /// <summary>Durable.</summary>
    /// <param name="Effects">What it owes to others.</param>
    public sealed record Committed(IReadOnlyList<StoredEffect> Effects) : TurnFate;

    /// <summary>Not written. Its entity's memory is out of date, and so is every turn that was taken on it.</summary>
    /// <param name="EntityMoved">Somebody else wrote the entity.</param>
    /// <param name="CauseGone">The effect or timer was consumed before: there is nothing left to do.</param>
    /// <param name="KeyTaken">The idempotency key was opened before.</param>
    /// <param name="Taken">Identities that another contact has.</param>
    public sealed record Dropped(bool EntityMoved, bool CauseGone, bool KeyTaken, IReadOnlyList<IdentityClaim> Taken) : TurnFate
    {
        /// <summary>Taken on a state that was dropped; the same again, on the true state, may well succeed.</summary>
        public static Dropped Along { get; } = new(EntityMoved: false, CauseGone: false, KeyTaken: false, []);
    }

    /// <summary>The store failed: whether it was written is not known.</summary>
    public sealed record Unknown(JournalUnavailableException Fault) : TurnFate;
}
