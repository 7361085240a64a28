using System.Globalization;
using System.Reflection;
using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Schema;

/// <summary>
/// Brings a schema to the version of this release. Each migration is an embedded script named <c>NNN_what.sql</c>. All that are missing run in one
/// transaction, under a lock, so that of several processes that start at once one does it and the others find it done.
/// </summary>
internal static class PostgresSchema
{
    private const string Prefix = ".Journal.Postgres.Schema.";
    private static readonly (long Version, string Resource)[] Migrations = Find();

    /// <summary>The version of this release.</summary>
    public static long Known => Migrations[^1].Version;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="JournalSchemaException">A newer release wrote the schema; nothing was changed.</exception>
    public static async Task ApplyAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await new Script(connection).Run("SELECT pg_advisory_xact_lock($1)", Sql.Of(LockKey.Of("migrate", schema))).ExecuteAsync(cancel);
        // Asked first, since CREATE ... IF NOT EXISTS wants the right to create even where there is nothing to create.
        var (hasSchema, hasTable) = (false, false);
        await new Script(connection)
            .Read("SELECT to_regnamespace($1) IS NOT NULL, to_regclass($1 || '.schema_version') IS NOT NULL", row => (hasSchema, hasTable) = (row.GetBoolean(0), row.GetBoolean(1)), Sql.Of(schema))
            .ExecuteAsync(cancel);
        if (!hasSchema) await new Script(connection).Run($"CREATE SCHEMA {schema}").ExecuteAsync(cancel);
        if (!hasTable) await new Script(connection).Run("CREATE TABLE schema_version (version bigint NOT NULL PRIMARY KEY)").ExecuteAsync(cancel);
        var found = 0L;
        await new Script(connection).Read("SELECT coalesce(max(version), 0) FROM schema_version", row => found = row.GetInt64(0)).ExecuteAsync(cancel);
        if (found > Known) throw new JournalSchemaException(found, Known);
        foreach (var (version, resource) in Migrations)
        {
            if (version <= found) continue;
            await Script.ExecuteTextAsync(connection, Text(resource), cancel);
            await new Script(connection).Run("INSERT INTO schema_version (version) VALUES ($1)", Sql.Of(version)).ExecuteAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
    }

    private static (long, string)[] Find() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal) && name.Contains(Prefix, StringComparison.Ordinal))
            .Select(name => (NumberOf(name), name))
            .OrderBy(migration => migration.Item1)];

    private static long NumberOf(string resource)
    {
        var file = resource[(resource.IndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..];
        return long.Parse(file[..file.IndexOf('_', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private static string Text(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
