using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;

namespace CapacityMesh.Journal.Tests;

// Goal: PostgreSQL keeps the contract. Method: the conformance suite on a real server, each test in a schema of its own.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class PostgresJournalTests(PostgresServer server) : JournalContract
{
    protected override async Task<IJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = server.NextSchema() }, default);
}

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
