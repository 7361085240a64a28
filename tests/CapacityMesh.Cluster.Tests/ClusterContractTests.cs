using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;

namespace CapacityMesh.Cluster.Tests;

// Goal: a cluster keeps the contract of every host. Method: the suite, on two silos over a real PostgreSQL server, each test in a schema of its own.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterContractTests(PostgresServer server) : MeshContract
{
    private const int Silos = 2;
    private readonly string schema = server.NextSchema();

    protected override bool IsOneProcess => false;

    protected override async Task<IJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema, Cluster = "tests" }, default);

    public override async Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) =>
        await SilosHost.StartAsync(Silos, _ => (ISharedJournal)journal, _ => time, limits);
}

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
