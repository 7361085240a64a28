using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using CapacityMesh.Core.Kernel;
using SQLitePCL;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>
/// A prepared statement. Parameters count from 1, columns from 0. Every parameter is bound anew for each run. Texts and bytes are lent to SQLite from memory
/// that does not move, so that it need not copy each: https://www.sqlite.org/c3ref/bind_blob.html.
/// </summary>
internal sealed unsafe class Statement : IDisposable
{
    // Holds the ids and the payload of an ordinary row; what does not fit is copied by SQLite.
    private const int LentMax = 4 * 1024;

    private readonly Database database;
    private readonly sqlite3_stmt owner;
    private readonly nint handle;
    private readonly byte[] lent = GC.AllocateUninitializedArray<byte>(LentMax, pinned: true);
    private readonly byte* memory;
    private int used;

    /// <summary>Takes a statement over.</summary>
    public Statement(Database database, sqlite3_stmt owner)
    {
        (this.database, this.owner, handle) = (database, owner, owner.DangerousGetHandle());
        memory = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(lent, 0);
    }

    /// <summary>Binds a number.</summary>
    public Statement Bind(int index, long value)
    {
        database.Require(HotCalls.BindNumber(handle, index, value));
        return this;
    }

    /// <summary>Binds an instant, or null.</summary>
    public Statement Bind(int index, DateTimeOffset? value) => value is { } instant ? Bind(index, instant.UtcTicks) : BindNull(index);

    /// <summary>Binds bytes.</summary>
    public Statement Bind(int index, ReadOnlyMemory<byte> value)
    {
        var bytes = value.Span;
        if (bytes.Length <= LentMax - used)
        {
            bytes.CopyTo(Free);
            return LendBlob(index, bytes.Length);
        }
        fixed (byte* source = bytes) database.Require(HotCalls.BindBlob(handle, index, source, bytes.Length, HotCalls.Copied));
        return this;
    }

    /// <summary>Binds bytes, or null.</summary>
    public Statement Bind(int index, ReadOnlyMemory<byte>? value) => value is { } bytes ? Bind(index, bytes) : BindNull(index);

    /// <summary>Binds a text, or null.</summary>
    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        return Encoding.UTF8.TryGetBytes(value, Free, out var length) ? LendText(index, length) : CopyText(index, value);
    }

    /// <summary>Binds an entity's stored form, without making a string of it.</summary>
    public Statement Bind(int index, EntityId value) =>
        Utf8.TryWrite(Free, $"{value.Workspace}/{EntityId.NameOf(value.Kind)}/{value.Key}", out var length) ? LendText(index, length) : CopyText(index, value.ToString());

    /// <summary>Runs a statement that returns no rows; the number of rows that it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return database.Changes;
    }

    /// <summary>Moves to the next row; false, and reset, when there is none.</summary>
    public bool Step()
    {
        used = 0;
        var code = HotCalls.Step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE)
        {
            Reset();
            return false;
        }
        var fault = database.FaultOf(code);
        Reset();
        throw fault;
    }

    /// <summary>Ends the run, so that no read transaction stays open.</summary>
    public void Reset() => _ = HotCalls.Reset(handle);

    /// <summary>Whether a column is null.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(owner, column) == raw.SQLITE_NULL;

    /// <summary>A number.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(owner, column);

    /// <summary>A text.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(owner, column));

    /// <summary>A text, or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A copy of some bytes.</summary>
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(owner, column).ToArray();

    /// <summary>A copy of some bytes, or null. The type is spelled out because a bare null would become empty bytes.</summary>
    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : Bytes(column);

    /// <summary>An instant, UTC.</summary>
    public DateTimeOffset Instant(int column) => new(Long(column), TimeSpan.Zero);

    /// <summary>An instant, or null.</summary>
    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    /// <summary>An entity.</summary>
    public EntityId Entity(int column) => EntityId.Parse(Text(column));

    /// <inheritdoc/>
    public void Dispose() => owner.Dispose();

    private Span<byte> Free => lent.AsSpan(used);

    private Statement BindNull(int index)
    {
        database.Require(HotCalls.BindNull(handle, index));
        return this;
    }

    private Statement LendText(int index, int length)
    {
        database.Require(HotCalls.BindText(handle, index, memory + used, length, HotCalls.Lent));
        used += length;
        return this;
    }

    private Statement LendBlob(int index, int length)
    {
        database.Require(HotCalls.BindBlob(handle, index, memory + used, length, HotCalls.Lent));
        used += length;
        return this;
    }

    private Statement CopyText(int index, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        fixed (byte* source = bytes) database.Require(HotCalls.BindText(handle, index, source, bytes.Length, HotCalls.Copied));
        return this;
    }
}
