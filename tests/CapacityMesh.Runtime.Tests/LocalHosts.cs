using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Sqlite;
using CapacityMesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapacityMesh.Runtime.Tests;

internal sealed class LocalHost(LocalMesh mesh) : IHost
{
    public IMesh Mesh => mesh;

    public LocalMesh Local => mesh;

    public ValueTask DisposeAsync() => mesh.DisposeAsync();

    public static async Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits)
    {
        var options = new LocalMeshOptions
        {
            RequestsMax = limits.RequestsMax,
            TimerWindow = limits.TimerWindow,
            AnswerTimeout = limits.AnswerTimeout,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            DrainTimeout = TimeSpan.FromSeconds(2),
        };
        var mesh = new LocalMesh(journal, new MeshClock(time), options, NullLogger<LocalMesh>.Instance);
        await mesh.StartAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
        return new LocalHost(mesh);
    }
}

// Goal: the local host keeps the contract. Method: the suite, over the reference journal.
public sealed class LocalMeshOnMemoryTests : MeshContract
{
    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new MemoryJournal(Time));

    public override Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) => LocalHost.StartAsync(journal, time, limits);
}

// Goal: on one machine questions to one entity are answered in the order in which they were asked. Method: many at once, held up by the store.
public sealed class LocalMeshOrderTests
{
    [Fact]
    public async Task Questions_to_one_entity_are_answered_in_the_order_in_which_they_were_asked()
    {
        var journal = new StagedJournal(new MemoryJournal());
        await using var host = await LocalHost.StartAsync(journal, TimeProvider.System, new HostLimits());
        journal.Hold();
        var answers = Enumerable.Range(0, 50).Select(_ => host.Mesh.AnswerAsync(Business.Define())).ToArray();
        journal.Release();
        var versions = (await Task.WhenAll(answers)).Select(a => Assert.IsType<ProcessPublished>(a).Version);
        Assert.Equal(Enumerable.Range(1, 50), versions);
    }
}

// Goal: the local host ends once, however often it is told to. Method: told twice, then asked.
public sealed class LocalMeshEndTests
{
    [Fact]
    public async Task Ending_twice_is_ending_once_and_takes_no_time()
    {
        var host = (LocalHost)await LocalHost.StartAsync(new MemoryJournal(), TimeProvider.System, new HostLimits());
        await Business.OpenAsync(host.Mesh);
        var began = TimeProvider.System.GetTimestamp();
        await host.Local.StopAsync();
        await host.DisposeAsync();
        await host.DisposeAsync();
        await host.Local.StopAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(1.5));
        await Assert.ThrowsAsync<MeshOverloadedException>(() => host.Mesh.AskAsync(Business.Define(), default));
    }
}

// Goal: the local host keeps the contract on a disk. Method: the suite, each test on a file of its own.
public sealed class LocalMeshOnSqliteTests : MeshContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new SqliteJournal(new SqliteJournalOptions(folder)));

    public override Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) => LocalHost.StartAsync(journal, time, limits);

    protected override Task CleanAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}

// Goal: the local host keeps the contract over PostgreSQL. Method: the suite on a real server, each test in a schema of its own.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class LocalMeshOnPostgresTests(PostgresServer server) : MeshContract
{
    private readonly string schema = server.NextSchema();

    protected override async Task<IJournal> OpenAsync() =>
        await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema }, default);

    public override Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) => LocalHost.StartAsync(journal, time, limits);
}

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";
}
