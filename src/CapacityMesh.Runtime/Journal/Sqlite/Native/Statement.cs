using System.Text;
using CapacityMesh.Core.Kernel;
using SQLitePCL;

namespace CapacityMesh.Runtime.Journal.Sqlite.Native;

/// <summary>A prepared statement. Parameters count from 1, columns from 0. Every parameter is bound anew for each run.</summary>
internal sealed class Statement(Database database, sqlite3_stmt handle) : IDisposable
{
    // Most texts are ids: four bytes for each of 64 characters, thrice.
    private const int StackBytes = 768;

    /// <summary>Binds a number.</summary>
    public Statement Bind(int index, long value)
    {
        database.Require(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    /// <summary>Binds an instant, or null.</summary>
    public Statement Bind(int index, DateTimeOffset? value) => value is { } instant ? Bind(index, instant.UtcTicks) : BindNull(index);

    /// <summary>Binds bytes.</summary>
    public Statement Bind(int index, ReadOnlyMemory<byte> value)
    {
        database.Require(raw.sqlite3_bind_blob(handle, index, value.Span));
        return this;
    }

    /// <summary>Binds bytes, or null.</summary>
    public Statement Bind(int index, ReadOnlyMemory<byte>? value) => value is { } bytes ? Bind(index, bytes) : BindNull(index);

    /// <summary>Binds a text, or null.</summary>
    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        Span<byte> buffer = value.Length <= StackBytes / 3 ? stackalloc byte[StackBytes] : new byte[Encoding.UTF8.GetMaxByteCount(value.Length)];
        return BindText(index, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
    }

    /// <summary>Binds an entity's stored form, without making a string of it.</summary>
    public Statement Bind(int index, EntityId value)
    {
        var kind = EntityId.NameOf(value.Kind);
        var length = value.Workspace.Length + kind.Length + value.Key.Length + 2;
        Span<byte> buffer = length <= StackBytes / 3 ? stackalloc byte[StackBytes] : new byte[Encoding.UTF8.GetMaxByteCount(length)];
        var end = Encoding.UTF8.GetBytes(value.Workspace, buffer);
        buffer[end++] = (byte)'/';
        end += Encoding.UTF8.GetBytes(kind, buffer[end..]);
        buffer[end++] = (byte)'/';
        end += Encoding.UTF8.GetBytes(value.Key, buffer[end..]);
        return BindText(index, buffer[..end]);
    }

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
        var code = raw.sqlite3_step(handle);
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
    public void Reset() => raw.sqlite3_reset(handle);

    /// <summary>Whether a column is null.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    /// <summary>A number.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    /// <summary>A text.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    /// <summary>A text, or null.</summary>
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>A copy of some bytes.</summary>
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    /// <summary>A copy of some bytes, or null. The type is spelled out because a bare null would become empty bytes.</summary>
    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : Bytes(column);

    /// <summary>An instant, UTC.</summary>
    public DateTimeOffset Instant(int column) => new(Long(column), TimeSpan.Zero);

    /// <summary>An instant, or null.</summary>
    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    /// <summary>An entity.</summary>
    public EntityId Entity(int column) => EntityId.Parse(Text(column));

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private Statement BindNull(int index)
    {
        database.Require(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    private Statement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        database.Require(raw.sqlite3_bind_text(handle, index, utf8));
        return this;
    }
}
