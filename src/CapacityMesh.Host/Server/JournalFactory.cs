using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Sqlite;

namespace CapacityMesh.Host.Server;

/// <summary>Opens the journal that the options name: PostgreSQL when there is a connection, else SQLite in the data folder.</summary>
internal static class JournalFactory
{
    // Long enough that a server that is merely starting goes unmentioned.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Opens it. PostgreSQL is waited for, with a line on standard error so that nobody wonders what the start is doing.</summary>
    public static async Task<IJournal> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(options.Postgres)) return new SqliteJournal(new SqliteJournalOptions(options.DataFolder) { BeforeSync = options.BeforeSync });
        var postgres = new PostgresJournalOptions(options.Postgres);
        var opening = Open(postgres, cancel);
        if (await Task.WhenAny(opening, Task.Delay(Patience, cancel)) != opening)
        {
            Console.Error.WriteLine($"PostgreSQL does not answer yet; waiting up to {postgres.OpenTimeout.TotalSeconds:0} seconds.");
        }
        return await opening;
    }

    // The driver's own words quote the string, which may hold a password.
    private static async Task<PostgresJournal> Open(PostgresJournalOptions options, CancellationToken cancel)
    {
        try
        {
            return await PostgresJournal.OpenAsync(options, cancel);
        }
        catch (ArgumentException)
        {
            throw new ArgumentException("The PostgreSQL connection cannot be read; it has the form Host=...;Username=...;Password=...;Database=...");
        }
    }
}
