using CapacityMesh.Runtime.Journal.Postgres.Native;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>
/// Puts and deletes rows. Changes have an order, three statements have another; so they are brought to what remains of them: keys to empty, then items
/// to delete, then values to put.
/// </summary>
internal sealed class RowWriter(IReadOnlyList<RowChange> changes)
{
    private const string DeleteKeySql =
        """
        DELETE FROM rows r USING unnest($1::text[], $2::text[], $3::text[]) AS d (workspace, tbl, key)
        WHERE r.workspace = d.workspace AND r.tbl = d.tbl AND r.key = d.key
        """;

    private const string DeleteItemSql =
        """
        DELETE FROM rows r USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS d (workspace, tbl, key, item)
        WHERE r.workspace = d.workspace AND r.tbl = d.tbl AND r.key = d.key AND r.item = d.item
        """;

    private const string PutSql =
        """
        INSERT INTO rows (workspace, tbl, key, item, value) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
        ON CONFLICT (workspace, tbl, key, item) DO UPDATE SET value = excluded.value
        """;

    private readonly HashSet<RowKey> emptied = [];
    private readonly Dictionary<RowKey, ReadOnlyMemory<byte>?> items = [];

    /// <summary>Writes.</summary>
    public void Write(Script script)
    {
        if (changes.Count == 0) return;
        for (var i = 0; i < changes.Count; i++) Take(changes[i]);
        if (emptied.Count > 0) script.Run(DeleteKeySql, [.. Address(Ordered(emptied))[..3]]);
        var deleted = Ordered(items.Where(i => i.Value is null).Select(i => i.Key));
        if (deleted.Count > 0) script.Run(DeleteItemSql, Address(deleted));
        var put = Ordered(items.Where(i => i.Value is not null).Select(i => i.Key));
        if (put.Count > 0) script.Run(PutSql, [.. Address(put), Sql.Column(put, k => items[k]!.Value)]);
    }

    private void Take(RowChange change)
    {
        if (change.Value is not null || change.Key.Item.Length > 0)
        {
            items[change.Key] = change.Value;
            return;
        }
        foreach (var key in items.Keys.Where(k => k with { Item = "" } == change.Key).ToArray()) items.Remove(key);
        emptied.Add(change.Key);
    }

    private static List<RowKey> Ordered(IEnumerable<RowKey> keys)
    {
        // The words are made once, not with every comparison.
        var ordered = keys.Select(key => (Word: Fold.Key(key.Table, Fold.Key(key.Key, key.Item)), Key: key)).ToArray();
        Array.Sort(ordered, static (x, y) => CodePointOrder.Of(x.Word, y.Word));
        return [.. ordered.Select(o => o.Key)];
    }

    private static Npgsql.NpgsqlParameter[] Address(List<RowKey> keys) =>
        [Sql.Column(keys, k => k.Workspace), Sql.Column(keys, k => k.Table), Sql.Column(keys, k => k.Key), Sql.Column(keys, k => k.Item)];
}
