using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Sqlite;
using CapacityMesh.Web.Hosting;

namespace CapacityMesh.Host.Server;

/// <summary>Opens the journal that the options name: PostgreSQL when there is a connection, else SQLite in the data folder.</summary>
internal static class JournalFactory
{
    /// <summary>
    /// Opens it. PostgreSQL that does not answer is waited for as long as it takes, while the server listens, lives, and is not ready; a wrong password or name is
    /// told at once.
    /// </summary>
    /// <exception cref="OperationCanceledException">Told to stop before it answered.</exception>
    public static async Task<IJournal> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(options.Postgres)) return new SqliteJournal(new SqliteJournalOptions(options.DataFolder) { BeforeSync = options.BeforeSync });
        var postgres = new PostgresJournalOptions(options.Postgres) { OpenTimeout = TimeSpan.Zero };
        return await WaitingRoom.OpenAsync(options.Urls, token => Open(postgres, token), cancel) ?? throw new OperationCanceledException("Told to stop before the database answered.");
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
