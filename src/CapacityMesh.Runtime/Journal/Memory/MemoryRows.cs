namespace CapacityMesh.Runtime.Journal.Memory;

/// <summary>Rows by workspace, table, key and item.</summary>
internal sealed class MemoryRows(Lock gate) : IRowStore
{
    private readonly Dictionary<(string Workspace, string Table), Table> tables = [];

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            return ValueTask.FromResult(tables.TryGetValue((key.Workspace, key.Table), out var table) && table.Items.TryGetValue(key.Key, out var items)
                && items.TryGetValue(key.Item, out var value) ? value : (ReadOnlyMemory<byte>?)null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredRow>> ListAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        JournalRules.RequirePage(limit);
        lock (gate) return ValueTask.FromResult<IReadOnlyList<StoredRow>>(List(workspace, table, key, after, limit));
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(IReadOnlyList<RowChange> changes, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        JournalRules.Require(changes);
        lock (gate) Apply(changes);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(RowKey key, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        RowChange[] change = [new(key, value)];
        JournalRules.Require(change);
        lock (gate)
        {
            if (!Has(key)) Apply(change);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Applies changes in their order; the caller has the gate.</summary>
    public void Apply(IReadOnlyList<RowChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, value) = changes[i];
            if (value is { } bytes) Open(key.Workspace, key.Table).Put(key.Key, key.Item, bytes);
            else if (tables.TryGetValue((key.Workspace, key.Table), out var table)) table.Delete(key.Key, key.Item);
        }
    }

    private bool Has(RowKey key) =>
        tables.TryGetValue((key.Workspace, key.Table), out var table) && table.Items.TryGetValue(key.Key, out var items) && items.ContainsKey(key.Item);

    private List<StoredRow> List(string workspace, string tableName, string? key, RowKey? after, int limit)
    {
        var page = new List<StoredRow>();
        if (!tables.TryGetValue((workspace, tableName), out var table)) return page;
        var first = table.Keys.IndexFrom(Later(key, after?.Key) ?? "");
        for (var i = first; i < table.Keys.Count && page.Count < limit; i++)
        {
            var rowKey = table.Keys[i];
            if (key is not null && rowKey != key) break;
            foreach (var (item, value) in table.Items[rowKey])
            {
                if (page.Count == limit) break;
                if (after is { } last && last.Key == rowKey && CodePointOrder.Of(item, last.Item) <= 0) continue;
                page.Add(new StoredRow(new RowKey(workspace, tableName, rowKey, item), value));
            }
        }
        return page;
    }

    private static string? Later(string? x, string? y) => x is null ? y : y is null || CodePointOrder.Of(x, y) >= 0 ? x : y;

    private Table Open(string workspace, string name)
    {
        if (!tables.TryGetValue((workspace, name), out var table)) tables.Add((workspace, name), table = new Table());
        return table;
    }

    private sealed class Table
    {
        public Dictionary<string, SortedList<string, ReadOnlyMemory<byte>>> Items { get; } = [];
        public OrderedKeys Keys { get; } = new();

        public void Put(string key, string item, ReadOnlyMemory<byte> value)
        {
            if (!Items.TryGetValue(key, out var items))
            {
                Items.Add(key, items = new SortedList<string, ReadOnlyMemory<byte>>(1, CodePointOrder.Instance));
                Keys.Add(key);
            }
            items[item] = value;
        }

        public void Delete(string key, string item)
        {
            if (!Items.TryGetValue(key, out var items)) return;
            if (item.Length == 0) items.Clear();
            else items.Remove(item);
            if (items.Count > 0) return;
            Items.Remove(key);
            Keys.Remove(key);
        }
    }
}
