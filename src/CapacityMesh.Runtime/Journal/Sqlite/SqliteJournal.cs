using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Sqlite.Reading;
using CapacityMesh.Runtime.Journal.Sqlite.Writing;

namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>
/// The journal in one SQLite file, for one process. Commits run on one thread, in the order they came, each in a transaction with its own sync; reads
/// run beside them and see what was committed before they began.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private readonly ClaimIndex claims = new();
    private readonly DataFolderLock folder;
    private readonly WriterThread writer;
    private readonly ReadPool readers;
    private readonly SqliteRows rows;

    /// <summary>Opens the journal of a data folder; creates it, or brings it to the schema of this release.</summary>
    /// <exception cref="JournalInUseException">Another journal has the folder open.</exception>
    /// <exception cref="JournalSchemaException">A newer release wrote it.</exception>
    /// <exception cref="JournalUnavailableException">The folder or the file cannot be opened.</exception>
    public SqliteJournal(SqliteJournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        folder = new DataFolderLock(options.Folder);
        try
        {
            writer = new WriterThread(options, claims);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
        readers = new ReadPool(options, writer.WhenDurable);
        rows = new SqliteRows(writer, readers);
        // Before anybody asks. If it fails, the first who asks is told.
        _ = LearnClaimsAsync(CancellationToken.None).ContinueWith(learned => _ = learned.Exception, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public IRowStore Rows => rows;

    /// <inheritdoc/>
    bool IJournal.WritesInOrder => true;

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel)
    {
        var (result, durable) = await WriteAsync(batch, cancel);
        await durable;
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<WrittenBatch> WriteAsync(CommitBatch batch, CancellationToken cancel)
    {
        JournalRules.Require(batch);
        return new(writer.WriteAsync(session => session.Commit(batch), cancel));
    }

    /// <inheritdoc/>
    public ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel) =>
        readers.FindAsync(session => session.Turns.Load(entity), cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Turns.History(entity, afterVersion, limit), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Turns.Keys(workspace, kind, afterKey, limit), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEffect>> OutboxAsync(long afterSequence, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Outbox.Waiting(afterSequence, limit), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ParkAsync(EffectId effect, string reason, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return await writer.RunAsync(session => session.Park(effect, JournalLimits.ParkReason(reason)), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Outbox.Parked(limit), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Outbox.Timers(dueBy, limit), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel) =>
        readers.FindAsync(session => session.Rows.Request(workspace, key), cancel);

    /// <inheritdoc/>
    public async ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel)
    {
        if (!claims.IsWhole) await LearnClaimsAsync(cancel);
        var numbers = claims.Find(workspace, identity);
        return numbers.Count == 0 ? null : await readers.FindAsync(session => session.Rows.Identity(workspace, identity, numbers), cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeadRow>> LeadsAsync(LeadQuery query, CancellationToken cancel)
    {
        JournalRules.Require(query);
        return readers.ReadAsync(session => session.Leads.Page(query), cancel);
    }

    /// <summary>Finishes the commits that wait, moves the log into the file, and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await readers.DisposeAsync();
        await writer.DisposeAsync();
        folder.Dispose();
    }

    private Task<bool> LearnClaimsAsync(CancellationToken cancel) => writer.WriteAsync(session => session.LearnClaims(), cancel);
}
