using System.Text.RegularExpressions;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Native;

/// <summary>A bounded pool of connections to one database and schema, and what happens when one of them is lost.</summary>
internal sealed partial class Connections : IAsyncDisposable
{
    // What the operator's connection string does not say. A connect is refused or done within seconds; a commit that takes half a minute is lost.
    private const string Defaults = "Timeout=5;Command Timeout=30;Max Auto Prepare=64;Auto Prepare Min Usages=2;Application Name=capacitymesh;";
    // Statements are few and each is served by an index, whatever the statistics of a table that was empty a moment ago say.
    // A process that is stopped within a commit must not hold its locks for ever.
    private const string Settings =
        """
        SET default_transaction_isolation = 'read committed';
        SET synchronous_commit = on;
        SET idle_in_transaction_session_timeout = '10s';
        SET lock_timeout = '10s';
        SET client_min_messages = warning;
        SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET jit = off;
        """;

    private readonly NpgsqlDataSource source;

    /// <summary>Opens nothing yet.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read, or the schema's name is none.</exception>
    public Connections(PostgresJournalOptions options)
    {
        if (!SchemaName().IsMatch(options.Schema)) throw new ArgumentException($"'{options.Schema}' is no schema name: lower-case letters, digits and underscores, at most 63.", nameof(options));
        // Of two settings of one name the later one counts.
        var builder = new NpgsqlDataSourceBuilder(Defaults + options.ConnectionString);
        var text = builder.ConnectionStringBuilder;
        (text.MaxPoolSize, text.MinPoolSize, text.NoResetOnClose, text.Multiplexing, text.Enlist) = (Math.Max(2, options.PoolMax), 0, true, false, false);
        Server = $"{text.Host}:{text.Port}";
        var settings = $"{Settings}\nSET search_path = {options.Schema};";
        builder.UsePhysicalConnectionInitializer(
            connection => Script.ExecuteTextAsync(connection, settings, CancellationToken.None).GetAwaiter().GetResult(),
            connection => Script.ExecuteTextAsync(connection, settings, CancellationToken.None));
        source = builder.Build();
    }

    /// <summary>Host and port, for messages.</summary>
    public string Server { get; }

    /// <summary>A connection, as good as new.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel) => source.OpenConnectionAsync(cancel);

    /// <summary>Runs what may run twice: a read, or a write that is the same again.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async ValueTask RunAsync(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken cancel)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                await work(connection, cancel);
                return;
            }
            catch (Exception fault) when (isFirst && (PostgresFault.IsConnectionLost(fault) || PostgresFault.IsContention(fault)))
            {
                // The others in the pool were opened to the same server: they are most likely gone too.
                if (PostgresFault.IsConnectionLost(fault)) source.Clear();
            }
            catch (Exception fault) when (PostgresFault.IsStore(fault))
            {
                throw PostgresFault.Unavailable(fault);
            }
        }
    }

    /// <summary>Runs one query and makes a list of its rows.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async ValueTask<IReadOnlyList<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> of, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        var list = new List<T>();
        await RunAsync((connection, token) =>
        {
            list.Clear();
            // A parameter belongs to one command: a second try has its own.
            return new Script(connection).Read(sql, row => list.Add(of(row)), Array.ConvertAll(parameters, p => p.Clone())).ExecuteAsync(token);
        }, cancel);
        return list;
    }

    /// <summary>Lets go of the idle connections; the next call opens a new one.</summary>
    public void Clear() => source.Clear();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();
}
