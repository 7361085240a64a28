using CapacityMesh.Runtime.Journal.Postgres.Native;
using CapacityMesh.Runtime.Journal.Postgres.Reading;
using CapacityMesh.Runtime.Journal.Postgres.Writing;

namespace CapacityMesh.Runtime.Journal.Postgres;

/// <summary>Rows beside the turns, in the same database.</summary>
internal sealed class PostgresRows(Connections connections, RowReader reader) : IRowStore
{
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel) => reader.GetAsync(key, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredRow>> ListAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return reader.PageAsync(workspace, table, key, after, limit, cancel);
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(IReadOnlyList<RowChange> changes, CancellationToken cancel)
    {
        JournalRules.Require(changes);
        return connections.RunAsync((connection, token) =>
        {
            var script = new Script(connection);
            new RowWriter(changes).Write(script);
            return script.ExecuteAsync(token);
        }, cancel);
    }
}
