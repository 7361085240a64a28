using CapacityMesh.Runtime.Journal.Postgres.Native;
using CapacityMesh.Runtime.Journal.Postgres.Reading;
using CapacityMesh.Runtime.Journal.Postgres.Writing;

namespace CapacityMesh.Runtime.Journal.Postgres;

/// <summary>Rows beside the turns, in the same database.</summary>
internal sealed class PostgresRows(Connections connections, RowReader reader) : IRowStore
{
    private const string AddSql = "INSERT INTO rows (workspace, tbl, key, item, value) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, tbl, key, item) DO NOTHING";

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

    /// <inheritdoc/>
    public ValueTask AddAsync(RowKey key, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        JournalRules.Require([new RowChange(key, value)]);
        return connections.RunAsync((connection, token) => new Script(connection)
            .Run(AddSql, Sql.Of(key.Workspace), Sql.Of(key.Table), Sql.Of(key.Key), Sql.Of(key.Item), Sql.Of(value)).ExecuteAsync(token), cancel);
    }
}
