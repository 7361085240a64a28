using System.Text.Json;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.Setup;

/// <summary>Rows as JSON documents.</summary>
internal static class Documents
{
    /// <summary>Address of a document of ours: <c>kind:id</c>.</summary>
    public static RowKey Key(string workspace, string kind, string id) => new(workspace, RowTables.Documents, $"{kind}:{id}");

    /// <summary>Writes a document.</summary>
    public static RowChange Row<T>(RowKey key, T value) => new(key, JsonSerializer.SerializeToUtf8Bytes(value, Wire.Options));

    /// <summary>A row as a document.</summary>
    public static T Read<T>(StoredRow row) => JsonSerializer.Deserialize<T>(row.Value.Span, Wire.Options)!;

    /// <summary>Reads a document, or null.</summary>
    public static async ValueTask<T?> ReadAsync<T>(this IRowStore rows, RowKey key, CancellationToken cancel) where T : class =>
        await rows.GetAsync(key, cancel) is { } found ? JsonSerializer.Deserialize<T>(found.Span, Wire.Options) : null;

    /// <summary>A page of the documents whose key begins with a prefix, by key, after a suffix; keys come without the prefix.</summary>
    public static async ValueTask<IReadOnlyList<(string Key, T Value)>> ListAsync<T>(
        this IRowStore rows, string workspace, string table, string prefix, string? after, int limit, CancellationToken cancel)
    {
        RowKey? from = prefix.Length == 0 && after is null ? null : new RowKey(workspace, table, prefix + after);
        var page = await rows.ListAsync(workspace, table, null, from, limit, cancel);
        return [.. page
            .TakeWhile(r => r.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(r => (r.Key.Key[prefix.Length..], JsonSerializer.Deserialize<T>(r.Value.Span, Wire.Options)!))];
    }
}
