namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>How a <see cref="SqliteJournal"/> stores.</summary>
/// <param name="Folder">The data folder; created if missing. Holds the file, its log and the lock.</param>
public sealed record SqliteJournalOptions(string Folder)
{
    /// <summary>Name of the file within the folder.</summary>
    public const string FileName = "journal.db";

    /// <summary>
    /// Called before each sync of the log, on the thread that syncs; default none. For benchmarks and tests alone: the time that it takes stands in for a
    /// cloud disk, whose sync takes a millisecond or more where a local one takes microseconds; an <see cref="IOException"/> for a sync that fails.
    /// </summary>
    public Action? BeforeSync { get; init; }

    /// <summary>Connections that read at once, at least 1; default 4: reads come from the page cache, so more would wait for the processor.</summary>
    public int ReadersMax { get; init; } = 4;

    /// <summary>
    /// Memory for pages of the writer's connection, in MiB, at least 1; default 8: SQLite walks over all of it in a commit that moved a page, and the
    /// operating system keeps the file's pages as well.
    /// </summary>
    public int CacheMegabytes { get; init; } = 8;

    /// <summary>Largest size of the file in bytes; default none. A commit beyond it fails like a full disk, and leaves room for what runs beside us.</summary>
    public long? SizeMax { get; init; }

    /// <summary>Tells when an effect was parked.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal string Path => System.IO.Path.Combine(Folder, FileName);
}
