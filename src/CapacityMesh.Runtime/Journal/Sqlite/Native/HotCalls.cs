using System.Runtime.InteropServices;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>
/// The calls that a row is made of, at the native library itself: a dozen of them for each row, so that what the provider does around each (a reference counted,
/// a value copied) adds up. Meanings: https://www.sqlite.org/c3ref/bind_blob.html, https://www.sqlite.org/c3ref/step.html.
/// </summary>
internal static unsafe partial class HotCalls
{
    /// <summary>The value stays where it is until the statement is bound anew.</summary>
    public const nint Lent = 0;

    /// <summary>The value goes away: SQLite copies it.</summary>
    public const nint Copied = -1;

    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindNumber(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static partial int BindText(nint statement, int index, byte* text, int length, nint kept);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
    public static partial int BindBlob(nint statement, int index, byte* bytes, int length, nint kept);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);
}
