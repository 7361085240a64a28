using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>Reads rows, requests and identities: whatever is found by its own key.</summary>
internal sealed class RowReader(Connections connections)
{
    private const string GetSql = "SELECT value FROM rows WHERE workspace = $1 AND tbl = $2 AND key = $3 AND item = $4";
    private const string RequestSql = "SELECT body_hash, reply, at FROM requests WHERE workspace = $1 AND key = $2";
    private const string IdentitySql = "SELECT contact FROM identities WHERE workspace = $1 AND identity = $2";

    /// <summary>See <see cref="IRowStore.GetAsync"/>.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel)
    {
        var found = await connections.ListAsync(GetSql, row => row.Bytes(0), cancel, Sql.Of(key.Workspace), Sql.Of(key.Table), Sql.Of(key.Key), Sql.Of(key.Item));
        return found.Count == 0 ? (ReadOnlyMemory<byte>?)null : found[0];
    }

    /// <summary>See <see cref="IRowStore.ListAsync"/>.</summary>
    public ValueTask<IReadOnlyList<StoredRow>> PageAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel)
    {
        // Within one key only the item pages on; a mark before the key is none, one after it leaves nothing.
        var place = key is null || after is null ? 0 : CodePointOrder.Of(after.Value.Key, key);
        if (place > 0) return ValueTask.FromResult<IReadOnlyList<StoredRow>>([]);
        if (place < 0) after = null;
        NpgsqlParameter[] parameters = [Sql.Of(workspace), Sql.Of(table), Sql.Of((long)limit)];
        var (where, more) = (key, after) switch
        {
            (null, null) => ("", Array.Empty<NpgsqlParameter>()),
            (null, { } row) => (" AND (key, item) > ($4, $5)", [Sql.Of(row.Key), Sql.Of(row.Item)]),
            (_, null) => (" AND key = $4", [Sql.Of(key)]),
            (_, { } row) => (" AND key = $4 AND item > $5", [Sql.Of(key), Sql.Of(row.Item)]),
        };
        return connections.ListAsync(
            $"SELECT key, item, value FROM rows WHERE workspace = $1 AND tbl = $2{where} ORDER BY key, item LIMIT $3",
            row => new StoredRow(new RowKey(workspace, table, row.GetString(0), row.GetString(1)), row.Bytes(2)), cancel, [.. parameters, .. more]);
    }

    /// <summary>See <see cref="IJournal.RequestAsync"/>.</summary>
    public async ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel)
    {
        var found = await connections.ListAsync(
            RequestSql, row => new StoredRequest(row.GetString(0), row.BytesOrNull(1), row.Instant(2)), cancel, Sql.Of(workspace), Sql.Of(key));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>See <see cref="IJournal.IdentityAsync"/>.</summary>
    public async ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel)
    {
        var found = await connections.ListAsync(IdentitySql, row => row.GetString(0), cancel, Sql.Of(workspace), Sql.Of(identity));
        return found.Count == 0 ? null : found[0];
    }
}
