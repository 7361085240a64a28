using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Native;

/// <summary>
/// Statements that travel together: one round trip, and one transaction unless it is part of one. Statements are prepared by the connection once they
/// were seen twice, so their texts must come from a small set.
/// </summary>
internal sealed class Script(NpgsqlConnection connection)
{
    private readonly List<NpgsqlBatchCommand> commands = [];
    private readonly List<Action<NpgsqlDataReader>> handlers = [];

    /// <summary>Adds a statement whose result nobody reads; it has none, or a <c>SELECT</c> that is done for what it does.</summary>
    public Script Run(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        if (sql.StartsWith("SELECT", StringComparison.Ordinal)) handlers.Add(static _ => { });
        return Add(sql, parameters);
    }

    /// <summary>Adds a statement with a result.</summary>
    public Script Read(string sql, Action<NpgsqlDataReader> onRow, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        handlers.Add(onRow);
        return Add(sql, parameters);
    }

    /// <summary>Sends all of them and hands each row to its statement.</summary>
    public async Task ExecuteAsync(CancellationToken cancel)
    {
        if (commands.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        foreach (var handler in handlers)
        {
            while (await reader.ReadAsync(cancel)) handler(reader);
            await reader.NextResultAsync(cancel);
        }
    }

    /// <summary>Executes a text of several statements without parameters.</summary>
    public static async Task ExecuteTextAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
#pragma warning disable CA2100 // The text is one of ours: a migration, or the settings of a connection.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }

    private Script Add(string sql, ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        commands.Add(command);
        return this;
    }
}
