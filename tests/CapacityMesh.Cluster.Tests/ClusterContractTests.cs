using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;

namespace CapacityMesh.Cluster.Tests;

// Goal: a cluster keeps the contract of every host, whether a workspace lives on one silo and its entities hand their effects over in memory, or on all of
// them and every step is a message. Method: the suite, on two silos over a real PostgreSQL server, each test in a schema of its own.
public abstract class ClusterContractTests(PostgresServer server, bool together) : MeshContract
{
    private const int Silos = 2;
    private readonly string schema = server.NextSchema();

    protected override bool IsOneProcess => false;

    protected override async Task<IJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema, Cluster = "tests" }, default);

    public override async Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) =>
        await SilosHost.StartAsync(Silos, _ => (ISharedJournal)journal, _ => time, limits, together);
}

[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterContractTogether(PostgresServer server) : ClusterContractTests(server, together: true);

[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterContractScattered(PostgresServer server) : ClusterContractTests(server, together: false);

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
