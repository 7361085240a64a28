using System.Globalization;
using System.Reflection;
using CapacityMesh.Runtime.Journal.Sqlite.Native;

namespace CapacityMesh.Runtime.Journal.Sqlite.Schema;

/// <summary>
/// Brings a file to the schema of this release. Each migration is an embedded script named <c>NNN_what.sql</c>; it runs once, with its number noted as
/// <c>user_version</c> in the same transaction.
/// </summary>
internal static class JournalSchema
{
    private static readonly (long Version, string Resource)[] Migrations = Find();

    /// <summary>The version of this release.</summary>
    public static long Known => Migrations[^1].Version;

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="JournalSchemaException">A newer release wrote the file; nothing was changed.</exception>
    public static void Apply(Database database)
    {
        var found = database.Number("PRAGMA user_version");
        if (found > Known) throw new JournalSchemaException(found, Known);
        foreach (var (version, resource) in Migrations)
        {
            if (version <= found) continue;
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"BEGIN IMMEDIATE;\n{Read(resource)}\nPRAGMA user_version = {version};\nCOMMIT;"));
        }
    }

    private static (long, string)[] Find() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal) && name.Contains(".Journal.Sqlite.Schema.", StringComparison.Ordinal))
            .Select(name => (NumberOf(name), name))
            .OrderBy(migration => migration.Item1)];

    // A folder's resources are prefixed by its path in dots; the file's own name begins after the last 'Schema.'.
    private static long NumberOf(string resource)
    {
        var file = resource[(resource.LastIndexOf("Schema.", StringComparison.Ordinal) + "Schema.".Length)..];
        return long.Parse(file[..file.IndexOf('_', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
