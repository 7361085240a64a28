using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>One connection that reads, with its statements. Used by one reader at a time; thrown away after a fault.</summary>
internal sealed class ReadSession : IDisposable
{
    private const string Settings =
        """
        PRAGMA busy_timeout = 5000;
        PRAGMA query_only = ON;
        PRAGMA temp_store = MEMORY;
        """;

    private readonly Database database;

    /// <summary>Opens the file, which the writer has created, and prepares the statements.</summary>
    public ReadSession(SqliteJournalOptions options)
    {
        database = new Database(options.Path, create: false);
        try
        {
            database.Execute(Settings);
            Turns = new TurnReader(database);
            Outbox = new OutboxReader(database);
            Rows = new RowReader(database);
            Leads = new LeadReader(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Turns, snapshots and keys.</summary>
    public TurnReader Turns { get; }

    /// <summary>Effects and timers.</summary>
    public OutboxReader Outbox { get; }

    /// <summary>Rows, requests and identities.</summary>
    public RowReader Rows { get; }

    /// <summary>The lead index.</summary>
    public LeadReader Leads { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Turns.Dispose();
        Outbox.Dispose();
        Rows.Dispose();
        Leads.Dispose();
        database.Dispose();
    }
}
