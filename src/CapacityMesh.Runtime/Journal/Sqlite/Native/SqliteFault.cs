using CapacityMesh.Core.Kernel;
using SQLitePCL;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>Turns result codes into what the callers of a journal know.</summary>
internal static class SqliteFault
{
    /// <summary>
    /// A violated constraint is a defect of ours, since conflicts are found by looking; everything else is the store's failure.
    /// </summary>
    public static Exception Of(sqlite3? handle, int code)
    {
        var text = handle is null ? raw.sqlite3_errstr(code).utf8_to_string() : raw.sqlite3_errmsg(handle).utf8_to_string();
        var extended = handle is null ? code : raw.sqlite3_extended_errcode(handle);
        return (code & 0xFF) == raw.SQLITE_CONSTRAINT
            ? new InvariantBrokenException($"Invariant broken: what is stored is unique and whole ({text}).")
            : new JournalUnavailableException($"The journal is not available. SQLite {extended}: {text}.");
    }
}
