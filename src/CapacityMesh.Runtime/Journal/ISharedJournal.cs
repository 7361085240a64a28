using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal;

/// <summary>
/// A journal that several processes work on at once, each for its part: who owes what to whom, what is due, and what everybody has committed.
/// </summary>
public interface ISharedJournal : IJournal
{
    /// <summary>Effects that one entity's turns made and that wait for theirs, in the order in which they were made; parked ones are left out.</summary>
    ValueTask<IReadOnlyList<StoredEffect>> OwedByAsync(EntityId source, int limit, CancellationToken cancel);

    /// <summary>Entities of a shard of which an effect up to the sequence still waits, each once, and the newest sequence in the outbox.</summary>
    ValueTask<(IReadOnlyList<EntityId> Sources, long Newest)> DebtorsAsync(Shard shard, long upToSequence, int limit, CancellationToken cancel);

    /// <summary>Timers of a shard that are due at or before the instant, earliest first.</summary>
    ValueTask<IReadOnlyList<StoredTimer>> DueAsync(Shard shard, DateTimeOffset dueBy, int limit, CancellationToken cancel);

    /// <summary>A place in the feed before which everything lies that is committed now.</summary>
    ValueTask<ulong> FeedEndAsync(CancellationToken cancel);

    /// <summary>
    /// Names what was committed after a place, by whomever, each commit whole: no commit is ever skipped, and turns of one entity come in their order.
    /// At most <paramref name="limit"/> commits. What is older than the feed's keep is gone.
    /// </summary>
    ValueTask<FeedPage> FeedAsync(ulong after, int limit, CancellationToken cancel);

    /// <summary>The turns that the feed named, in any order.</summary>
    ValueTask<IReadOnlyList<(EntityId Entity, StoredTurns Turns)>> TurnsAsync(IReadOnlyList<AppendedTurns> named, CancellationToken cancel);

    /// <summary>Returns when somebody has said that there is news, or after a while: a hint that may be lost, never the truth.</summary>
    Task NewsAsync(TimeSpan atMost, CancellationToken cancel);

    /// <summary>Forgets what the feed holds from before that long ago.</summary>
    ValueTask TrimFeedAsync(TimeSpan keep, CancellationToken cancel);
}

/// <summary>A share of all entities, by a hash of their ids.</summary>
/// <param name="Index">Which; 0 to <paramref name="Count"/> - 1.</param>
/// <param name="Count">Of how many; 1 to 1,024.</param>
public readonly record struct Shard(int Index, int Count);

/// <summary>A part of the feed.</summary>
/// <param name="End">Where the next page begins.</param>
/// <param name="Appended">What was appended, in the order of the commits.</param>
public sealed record FeedPage(ulong End, IReadOnlyList<AppendedTurns> Appended);

/// <summary>Turns of one entity that were appended together.</summary>
/// <param name="Entity">Whose.</param>
/// <param name="FirstVersion">The first of them.</param>
public readonly record struct AppendedTurns(EntityId Entity, long FirstVersion);

/// <summary>The database belongs to another cluster. Nothing was changed in it.</summary>
/// <param name="owner">Whose it is.</param>
/// <param name="asked">Who asked.</param>
public sealed class JournalOwnedException(string owner, string asked)
    : Exception($"The database belongs to the cluster '{owner}', and this one is '{asked}'. Two clusters on one database would answer for each other: give this one a database or a schema of its own, or the name of that one.");
