using CapacityMesh.Runtime.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace CapacityMesh.Journal.Tests;

/// <summary>The file of a SQLite journal, beside the journal.</summary>
internal static class JournalFile
{
    public static string PathIn(TemporaryFolder folder) => Path.Combine(folder.Path, SqliteJournalOptions.FileName);

    /// <summary>Runs statements; the first value of the first one that has any.</summary>
    public static object? Execute(TemporaryFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={PathIn(folder)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
