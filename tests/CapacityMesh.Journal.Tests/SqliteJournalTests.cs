using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;

namespace CapacityMesh.Journal.Tests;

// Goal: SQLite keeps the contract. Method: the conformance suite, each test on a file of its own.
public sealed class SqliteJournalTests : JournalContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new SqliteJournal(new SqliteJournalOptions(folder)));

    protected override Task CleanAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}
