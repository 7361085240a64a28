using SQLitePCL;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>What a checkpoint leaves: https://www.sqlite.org/c3ref/c_checkpoint_full.html.</summary>
internal enum CheckpointMode
{
    /// <summary>Moves what can be moved, waits for nobody, and leaves the log to grow on.</summary>
    Passive = raw.SQLITE_CHECKPOINT_PASSIVE,

    /// <summary>Moves all, and waits until no reader needs the log: the next commit begins it anew.</summary>
    Restart = raw.SQLITE_CHECKPOINT_RESTART,

    /// <summary>The same, and empties the log's file.</summary>
    Truncate = raw.SQLITE_CHECKPOINT_TRUNCATE,
}
