using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>Reads rows, requests and identities: whatever is found by its own key.</summary>
internal sealed class RowReader
{
    private const string GetSql = "SELECT value FROM rows WHERE workspace = $1 AND tbl = $2 AND key = $3 AND item = $4";
    private const string RequestSql =
        """
        SELECT r.workspace, r.key, r.body_hash, r.reply, r.at
        FROM unnest($1::text[], $2::text[]) AS k (workspace, key)
        JOIN requests r ON r.workspace = k.workspace COLLATE "C" AND r.key = k.key COLLATE "C"
        """;
    private const string IdentitySql =
        """
        SELECT i.workspace, i.identity, i.contact
        FROM unnest($1::text[], $2::text[]) AS k (workspace, identity)
        JOIN identities i ON i.workspace = k.workspace COLLATE "C" AND i.identity = k.identity COLLATE "C"
        """;

    private readonly Connections connections;
    // Nearly every request asks for these two.
    private readonly Gathered<(string Workspace, string Key), StoredRequest> requests;
    private readonly Gathered<(string Workspace, string Identity), Contact> contacts;

    public RowReader(Connections connections)
    {
        this.connections = connections;
        requests = new(keys => connections.ListAsync(
            RequestSql, row => ((row.GetString(0), row.GetString(1)), new StoredRequest(row.GetString(2), row.BytesOrNull(3), row.Instant(4))), CancellationToken.None,
            Sql.Column(keys, k => k.Workspace), Sql.Column(keys, k => k.Key)));
        contacts = new(keys => connections.ListAsync(
            IdentitySql, row => ((row.GetString(0), row.GetString(1)), new Contact(row.GetString(2))), CancellationToken.None,
            Sql.Column(keys, k => k.Workspace), Sql.Column(keys, k => k.Identity)));
    }

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
    public async ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel) => await requests.FindAsync((workspace, key), cancel);

    /// <summary>See <see cref="IJournal.IdentityAsync"/>.</summary>
    public async ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel) => (await contacts.FindAsync((workspace, identity), cancel))?.Id;

    private readonly record struct Contact(string Id);
}
