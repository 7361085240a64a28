using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;

namespace CapacityMesh.Journal.Tests;

// Goal: PostgreSQL keeps the contract. Method: the conformance suite on a real server, each test in a schema of its own.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class PostgresJournalTests(PostgresServer server) : JournalContract
{
    protected override async Task<IJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = server.NextSchema() }, default);
}
