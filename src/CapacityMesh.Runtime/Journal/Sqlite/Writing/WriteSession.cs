using System.Globalization;
using CapacityMesh.Runtime.Journal.Sqlite.Native;
using CapacityMesh.Runtime.Journal.Sqlite.Schema;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>
/// The one connection that writes, with its statements. After a fault it is thrown away, transaction and all, and the next job opens a new one.
/// </summary>
internal sealed class WriteSession : IDisposable
{
    // The automatic checkpoint, which would run within a commit, is off: Checkpointer does most of it. What syncs a commit is LogSync.
    private const string Settings =
        """
        PRAGMA busy_timeout = 5000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA temp_store = MEMORY;
        """;

    // Reads take milliseconds.
    private static readonly TimeSpan BusyMax = TimeSpan.FromSeconds(5);

    private readonly Database database;
    private readonly SqliteJournalOptions options;
    private readonly LogSync sync;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly TurnWriter turns;
    private readonly OutboxWriter outbox;
    private readonly TimerWriter timers;
    private readonly RequestWriter requests;
    private readonly IdentityWriter identities;
    private readonly RowWriter rows;
    private readonly LeadWriter leads;
    private int pagesInLog;

    /// <summary>Opens the file, creates or migrates its schema, and prepares the statements.</summary>
    public WriteSession(SqliteJournalOptions options, LogSync sync, ClaimIndex claims)
    {
        (this.options, this.sync) = (options, sync);
        database = new Database(options.Path, create: true);
        try
        {
            Configure();
            JournalSchema.Apply(database);
            begin = database.Prepare("BEGIN IMMEDIATE");
            commit = database.Prepare("COMMIT");
            rollback = database.Prepare("ROLLBACK");
            turns = new TurnWriter(database);
            outbox = new OutboxWriter(database);
            timers = new TimerWriter(database);
            requests = new RequestWriter(database);
            identities = new IdentityWriter(database, claims);
            rows = new RowWriter(database);
            leads = new LeadWriter(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Pages in the write-ahead log that no checkpoint has moved yet.</summary>
    public int PagesInLog => pagesInLog += database.TakePagesWritten();

    /// <summary>Writes a batch; see <see cref="IJournal.WriteAsync"/>.</summary>
    public WrittenBatch Commit(CommitBatch batch)
    {
        if (batch.IsEmpty) return new(CommitResult.Committed.Instance, Task.CompletedTask);
        begin.Run();

        // 1. All that can conflict, first and to its end, so that a conflict names everything.
        var conflicts = new Conflicts();
        turns.Append(batch, conflicts);
        outbox.Consume(batch, conflicts);
        timers.Consume(batch, conflicts);
        requests.Write(batch, conflicts);
        identities.Write(batch, conflicts);
        if (conflicts.Any)
        {
            rollback.Run();
            return new(conflicts.ToResult(), Task.CompletedTask);
        }

        // 2. All that cannot.
        outbox.Add(batch);
        timers.Write(batch);
        rows.Apply(batch.Rows);
        leads.Put(batch);
        turns.PutSnapshots(batch);
        return new(CommitResult.Committed.Instance, End());
    }

    /// <summary>Makes the index of claims whole.</summary>
    public bool LearnClaims()
    {
        identities.Learn();
        return true;
    }

    /// <summary>Applies row changes in one transaction; how many there were.</summary>
    public Written<int> Apply(IReadOnlyList<RowChange> changes)
    {
        if (changes.Count == 0) return new(0, Task.CompletedTask);
        begin.Run();
        rows.Apply(changes);
        return new(changes.Count, End());
    }

    /// <summary>Writes a row unless there is one.</summary>
    public Written<bool> AddRow(RowKey key, ReadOnlyMemory<byte> value)
    {
        begin.Run();
        rows.Add(key, value);
        return new(true, End());
    }

    /// <summary>Parks an effect; false when it is not there.</summary>
    public Written<bool> Park(EffectId effect, string reason)
    {
        begin.Run();
        var parked = outbox.Park(effect, reason, options.Clock.GetUtcNow());
        return new(parked, End());
    }

    /// <summary>Moves all of the log into the file, so that the next commit begins it anew; false when a reader still needs some of it for longer than the patience.</summary>
    public bool MoveLog(TimeSpan patience)
    {
        pagesInLog = 0;
        return database.Checkpoint(CheckpointMode.Restart, patience);
    }

    /// <summary>The same, and empties its file.</summary>
    public bool EmptyLog()
    {
        pagesInLog = 0;
        return database.Checkpoint(CheckpointMode.Truncate, BusyMax);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable[] parts = [begin, commit, rollback, turns, outbox, timers, requests, identities, rows, leads, database];
        foreach (var part in parts) part.Dispose();
    }

    private void Configure()
    {
        database.Execute(Settings);
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = {-1024L * options.CacheMegabytes}"));
        if (options.SizeMax is not { } size) return;
        var pages = Math.Max(1, size / database.Number("PRAGMA page_size"));
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
    }

    private Task End()
    {
        sync.Begin();
        try
        {
            commit.Run();
        }
        catch
        {
            _ = sync.End();
            throw;
        }
        return sync.End();
    }
}
