using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>
/// The thread that moves the log into the file beside the writer, which goes on meanwhile: ten milliseconds for each stretch of the log, in which otherwise
/// nobody would be answered. It has a connection of its own, and needs a release of SQLite from 3.51.3 on: earlier ones can lose pages when one
/// connection writes while another checkpoints (https://www.sqlite.org/wal.html#walresetbug).
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    // The second moves what was written during the first, so that little is left for the writer.
    private const int Passes = 2;

    private readonly SqliteJournalOptions options;
    private readonly AutoResetEvent wake = new(false);
    private readonly ManualResetEventSlim resting = new(true);
    private readonly Thread thread;
    private Database? database;
    private volatile bool isDone;
    private volatile bool ended;

    /// <summary>Starts.</summary>
    public Checkpointer(SqliteJournalOptions options)
    {
        this.options = options;
        thread = new Thread(Work) { IsBackground = true, Name = "journal moves" };
        thread.Start();
    }

    /// <summary>The log is being moved.</summary>
    public bool IsRunning => !resting.IsSet;

    /// <summary>All but the newest of the log is moved, or could not be. The rest is for the writer, who alone can leave nothing in it, so that it begins anew.</summary>
    public bool IsDone => isDone;

    /// <summary>Moves the log. Called by the writer, while this rests.</summary>
    public void Begin()
    {
        resting.Reset();
        wake.Set();
    }

    /// <summary>The writer moved the rest, or tried.</summary>
    public void Done() => isDone = false;

    /// <summary>Waits until this rests.</summary>
    public void Rest() => resting.Wait();

    /// <summary>Ends, after what is under way.</summary>
    public void Dispose()
    {
        ended = true;
        wake.Set();
        thread.Join();
        database?.Dispose();
        wake.Dispose();
        resting.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            wake.WaitOne();
            if (ended) return;
            Move();
            isDone = true;
            resting.Set();
        }
    }

    private void Move()
    {
        try
        {
            database ??= Open();
            for (var pass = 0; pass < Passes; pass++) database.Checkpoint(CheckpointMode.Passive, TimeSpan.Zero);
        }
        catch (JournalUnavailableException)
        {
            // The writer meets the same disk, and tells.
            database?.Dispose();
            database = null;
        }
    }

    private Database Open()
    {
        var opened = new Database(options.Path, create: false);
        opened.Execute("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
        return opened;
    }
}
