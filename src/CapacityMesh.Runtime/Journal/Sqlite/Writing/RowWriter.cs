using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Writing;

/// <summary>Puts and deletes rows.</summary>
internal sealed class RowWriter(Database database) : IDisposable
{
    private readonly Statement put = database.Prepare("INSERT OR REPLACE INTO rows (workspace, tbl, key, item, value) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement add = database.Prepare("INSERT OR IGNORE INTO rows (workspace, tbl, key, item, value) VALUES (?1, ?2, ?3, ?4, ?5)");
    private readonly Statement deleteItem = database.Prepare("DELETE FROM rows WHERE workspace = ?1 AND tbl = ?2 AND key = ?3 AND item = ?4");
    private readonly Statement deleteKey = database.Prepare("DELETE FROM rows WHERE workspace = ?1 AND tbl = ?2 AND key = ?3");

    /// <summary>Applies changes in their order.</summary>
    public void Apply(IReadOnlyList<RowChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, value) = changes[i];
            if (value is { } bytes) At(put, key).Bind(4, key.Item).Bind(5, bytes).Run();
            else if (key.Item.Length == 0) At(deleteKey, key).Run();
            else At(deleteItem, key).Bind(4, key.Item).Run();
        }
    }

    /// <summary>Writes a row unless there is one.</summary>
    public void Add(RowKey key, ReadOnlyMemory<byte> value) => At(add, key).Bind(4, key.Item).Bind(5, value).Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        put.Dispose();
        add.Dispose();
        deleteItem.Dispose();
        deleteKey.Dispose();
    }

    private static Statement At(Statement statement, RowKey key) => statement.Bind(1, key.Workspace).Bind(2, key.Table).Bind(3, key.Key);
}
