using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>Reads rows, requests and identities: whatever is found by its own key.</summary>
internal sealed class RowReader(Database database) : IDisposable
{
    private readonly Statement get = database.Prepare("SELECT value FROM rows WHERE workspace = ?1 AND tbl = ?2 AND key = ?3 AND item = ?4");
    private readonly Statement list = database.Prepare(List(""));
    private readonly Statement listAfter = database.Prepare(List("AND (key, item) > (?5, ?6)"));
    private readonly Statement listKey = database.Prepare(List("AND key = ?4"));
    private readonly Statement listKeyAfter = database.Prepare(List("AND key = ?4 AND item > ?6"));
    private readonly Statement request = database.Prepare("SELECT body_hash, reply, at FROM requests WHERE workspace = ?1 AND key = ?2");
    private readonly Statement claim = database.Prepare("SELECT contact FROM claims WHERE number = ?1 AND workspace = ?2 AND identity = ?3");

    /// <summary>See <see cref="IRowStore.GetAsync"/>.</summary>
    public ReadOnlyMemory<byte>? Get(RowKey key)
    {
        if (!get.Bind(1, key.Workspace).Bind(2, key.Table).Bind(3, key.Key).Bind(4, key.Item).Step()) return null;
        var value = get.Bytes(0);
        get.Reset();
        return value;
    }

    /// <summary>See <see cref="IRowStore.ListAsync"/>.</summary>
    public IReadOnlyList<StoredRow> Page(string workspace, string table, string? key, RowKey? after, int limit)
    {
        // Within one key only the item pages on; a mark before the key is none, one after it leaves nothing.
        var place = key is null || after is null ? 0 : CodePointOrder.Of(after.Value.Key, key);
        if (place > 0) return [];
        if (place < 0) after = null;
        var statement = (key, after) switch
        {
            (null, null) => list,
            (null, _) => listAfter,
            (_, null) => listKey,
            _ => listKeyAfter,
        };
        statement.Bind(1, workspace).Bind(2, table).Bind(3, limit);
        if (key is not null) statement.Bind(4, key);
        if (key is null && after is { } row) statement.Bind(5, row.Key);
        if (after is { } last) statement.Bind(6, last.Item);
        var page = new List<StoredRow>();
        while (statement.Step()) page.Add(new StoredRow(new RowKey(workspace, table, statement.Text(0), statement.Text(1)), statement.Bytes(2)));
        return page;
    }

    /// <summary>See <see cref="IJournal.RequestAsync"/>.</summary>
    public StoredRequest? Request(string workspace, string key)
    {
        if (!request.Bind(1, workspace).Bind(2, key).Step()) return null;
        var found = new StoredRequest(request.Text(0), request.BytesOrNull(1), request.Instant(2));
        request.Reset();
        return found;
    }

    /// <summary>The contact of an identity, whose claim stands under one of these numbers, if anywhere. See <see cref="IJournal.IdentityAsync"/>.</summary>
    public string? Identity(string workspace, string identity, IReadOnlyList<uint> numbers)
    {
        foreach (var number in numbers)
        {
            if (!claim.Bind(1, number).Bind(2, workspace).Bind(3, identity).Step()) continue;
            var contact = claim.Text(0);
            claim.Reset();
            return contact;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Statement[] all = [get, list, listAfter, listKey, listKeyAfter, request, claim];
        foreach (var statement in all) statement.Dispose();
    }

    private static string List(string where) =>
        $"SELECT key, item, value FROM rows WHERE workspace = ?1 AND tbl = ?2 {where} ORDER BY key, item LIMIT ?3";
}
