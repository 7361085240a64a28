using CapacityMesh.Runtime.Journal.Sqlite.Reading;
using CapacityMesh.Runtime.Journal.Sqlite.Writing;

namespace CapacityMesh.Runtime.Journal.Sqlite;

/// <summary>Rows beside the turns, in the same file.</summary>
internal sealed class SqliteRows(WriterThread writer, ReadPool readers) : IRowStore
{
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel) => readers.ReadAsync(session => session.Rows.Get(key), cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredRow>> ListAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return readers.ReadAsync(session => session.Rows.Page(workspace, table, key, after, limit), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(IReadOnlyList<RowChange> changes, CancellationToken cancel)
    {
        JournalRules.Require(changes);
        await writer.RunAsync(session => session.Apply(changes), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask AddAsync(RowKey key, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        JournalRules.Require([new RowChange(key, value)]);
        await writer.RunAsync(session => session.AddRow(key, value), cancel);
    }
}
