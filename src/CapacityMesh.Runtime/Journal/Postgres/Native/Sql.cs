using CapacityMesh.Core.Kernel;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Native;

/// <summary>Values on their way to and from the server.</summary>
internal static class Sql
{
    /// <summary>A positional parameter.</summary>
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>One column of a batch: an array that the statement unnests.</summary>
    public static NpgsqlParameter Column<TItem, T>(IReadOnlyList<TItem> items, Func<TItem, T> value)
    {
        var column = new T[items.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(items[i]);
        return new NpgsqlParameter<T[]> { TypedValue = column };
    }

    /// <summary>An instant as it is stored: UTC ticks, since the server's own type is ten times coarser.</summary>
    public static DateTimeOffset Instant(this NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    /// <summary>An entity.</summary>
    public static EntityId Entity(this NpgsqlDataReader row, int column) => EntityId.Parse(row.GetString(column));

    /// <summary>Bytes.</summary>
    public static ReadOnlyMemory<byte> Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    /// <summary>Bytes or null. A bare null beside bytes would become empty bytes.</summary>
    public static ReadOnlyMemory<byte>? BytesOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? (ReadOnlyMemory<byte>?)null : row.Bytes(column);

    /// <summary>Text or null.</summary>
    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
