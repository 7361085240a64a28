using SQLitePCL;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>
/// One connection to the file. Used by one thread at a time. The layer below the data provider is called directly: it binds by index and copies each
/// value once, and a row costs about a microsecond.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly sqlite3 handle;

    static Database() => Batteries_V2.Init();

    /// <summary>Opens the file; creates it if allowed.</summary>
    /// <exception cref="JournalUnavailableException">It cannot be opened.</exception>
    public Database(string path, bool create)
    {
        var flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | (create ? raw.SQLITE_OPEN_CREATE : 0);
        var code = raw.sqlite3_open_v2(path, out handle, flags, null);
        if (code == raw.SQLITE_OK) return;
        var fault = SqliteFault.Of(handle, code);
        handle?.Dispose();
        throw fault;
    }

    /// <summary>Rows changed by the statement that ran last.</summary>
    public int Changes => raw.sqlite3_changes(handle);

    /// <summary>Prepares a statement that lives until it is disposed, before this connection is.</summary>
    public Statement Prepare(string sql)
    {
        Require(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new Statement(this, statement);
    }

    /// <summary>Runs a script.</summary>
    public void Execute(string sql) => Require(raw.sqlite3_exec(handle, sql));

    /// <summary>Runs a query for one number.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Pages written since the last call; with a write-ahead log, all of them went there.</summary>
    public int TakePagesWritten()
    {
        Require(raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Moves what the write-ahead log holds into the file, as far as readers allow within some time; false when they did not allow all of it.</summary>
    public bool Checkpoint(CheckpointMode how, TimeSpan patience)
    {
        Require(raw.sqlite3_busy_timeout(handle, (int)patience.TotalMilliseconds));
        var code = raw.sqlite3_wal_checkpoint_v2(handle, null, (int)how, out _, out _);
        // Busy means that a reader still needs the log: the next checkpoint does the rest.
        if (code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return false;
        Require(code);
        return true;
    }

    /// <summary>Throws unless the code is a success.</summary>
    public void Require(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw FaultOf(code);
    }

    /// <summary>The exception for a code that is no success.</summary>
    public Exception FaultOf(int code) => SqliteFault.Of(handle, code);

    /// <summary>Closes; a transaction under way is rolled back.</summary>
    public void Dispose() => handle.Dispose();
}
