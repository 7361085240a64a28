using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace CapacityMesh.Cluster.Tests;

// Goal: whatever happens to silos and to the database while leads come in, each that was acknowledged is there once, and all counts agree.
// Method: three silos, each with its own way to a real PostgreSQL server; askers at the edges insist under idempotency keys, as callers do.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class ClusterFaultTests(PostgresServer server) : IAsyncLifetime
{
    private const int Silos = 3;
    // Ten times what the slowest step takes: a lost silo is declared dead after seconds.
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(60);
    private readonly string schema = server.NextSchema();
    private readonly List<PostgresJournal> journals = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_is_killed_under_load_loses_nothing_and_another_takes_its_place(bool together)
    {
        await using var silos = await StartAsync(together: together);
        await Business.OpenAsync(silos.Mesh);
        var home = silos.HomeOf(Business.Flow);
        var edges = silos.EdgesBut(home);
        var load = PostAsync(edges, leads: 400);

        await Business.EventuallyAsync("the load has begun", async () => (await edges[0].Journal.LeadsAsync()).Count > 40);
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[home]).WaitAsync(StepMax);
        await silos.Cluster.StartAdditionalSiloAsync().WaitAsync(StepMax);

        await load;
        await Business.AssertCountedOnceAsync(edges[0], 400);
    }

    [StoreTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silo_that_is_told_to_stop_hands_over_and_no_caller_notices(bool together)
    {
        await using var silos = await StartAsync(together: together);
        await Business.OpenAsync(silos.Mesh);
        var noticed = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var home = silos.HomeOf(Business.Flow);
        var edges = silos.EdgesBut(home);
        var load = PostAsync(edges, leads: 300, fault => noticed.Enqueue($"{fault.GetType().Name}: {fault.Message} <- {fault.InnerException?.GetType().Name}: {fault.InnerException?.Message}"));

        await Business.EventuallyAsync("the load has begun", async () => (await edges[0].Journal.LeadsAsync()).Count > 40);
        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[home]).WaitAsync(StepMax);

        await load;
        await Business.AssertCountedOnceAsync(edges[0], 300);
        Assert.True(noticed.IsEmpty, string.Join('\n', noticed.CountBy(what => what).Select(found => $"{found.Value} x {found.Key}")));
    }

    [StoreFact]
    public async Task Where_a_workspace_is_at_home_most_of_what_it_owes_itself_is_never_written()
    {
        await using var silos = await StartAsync();
        await Business.OpenAsync(silos.Mesh);
        await PostAsync([silos.MeshOf(0), silos.MeshOf(1), silos.MeshOf(2)], leads: 200);
        await Business.AssertCountedOnceAsync(silos.Mesh, 200);

        var services = Enumerable.Range(0, Silos).Select(i => silos.ServicesOf(i).GetRequiredService<ClusterServices>()).ToArray();
        Assert.True(services.Sum(s => s.Handed) > 5 * services.Sum(s => s.Sent), $"{services.Sum(s => s.Handed)} handed over, {services.Sum(s => s.Sent)} sent");
    }

    [StoreFact]
    public async Task A_database_that_is_restarted_under_load_loses_nothing()
    {
        await using var silos = await StartAsync();
        await Business.OpenAsync(silos.Mesh);
        var load = PostAsync([silos.MeshOf(0), silos.MeshOf(1), silos.MeshOf(2)], leads: 400);

        await Business.EventuallyAsync("the load has begun", async () => (await silos.Mesh.Journal.LeadsAsync()).Count > 40);
        await server.StopAsync();
        await server.StartAsync();

        await load;
        await Business.AssertCountedOnceAsync(silos.Mesh, 400);
    }

    [StoreFact]
    public async Task Every_edge_hears_of_every_turn_in_the_order_of_its_entity()
    {
        await using var silos = await StartAsync();
        var heard = Enumerable.Range(0, Silos).Select(_ => new Heard()).ToArray();
        for (var i = 0; i < Silos; i++) silos.MeshOf(i).Follow(heard[i].Add);
        await Business.OpenAsync(silos.Mesh);
        await PostAsync([silos.MeshOf(0), silos.MeshOf(1), silos.MeshOf(2)], leads: 60);
        await Business.AssertCountedOnceAsync(silos.Mesh, 60);

        foreach (var edge in heard)
        {
            await edge.AllAsync(silos.Mesh);
            edge.AssertInOrder();
        }
    }

    [StoreFact]
    public async Task Whoever_wants_few_turns_hears_of_those_and_of_what_its_own_silo_committed()
    {
        await using var silos = await StartAsync();
        var heard = Enumerable.Range(0, Silos).Select(_ => new Heard()).ToArray();
        for (var i = 0; i < Silos; i++) silos.MeshOf(i).Follow(heard[i].Add, wants: entity => entity.Kind is EntityKind.Flow);
        await Business.OpenAsync(silos.Mesh);
        await PostAsync([silos.MeshOf(0), silos.MeshOf(1), silos.MeshOf(2)], leads: 60);
        await Business.AssertCountedOnceAsync(silos.Mesh, 60);

        var flow = (await silos.Mesh.ReadAsync<FlowState>(Business.Flow, default))!.Version;
        foreach (var edge in heard)
        {
            await Business.EventuallyAsync("an edge hears the last turn of Flow", () => Task.FromResult(edge.Versions()[Business.Flow].Contains(flow)));
            Assert.Equal(Enumerable.Range(1, (int)flow).Select(v => (long)v), edge.Versions()[Business.Flow]);
        }
        // A workspace is at home on one silo, which alone hears of its leads, each turn once.
        (EntityId, long)[] ofLeads = [.. heard.SelectMany(edge => edge.Versions()).Where(e => e.Key.Kind is EntityKind.Lead).SelectMany(e => e.Select(version => (e.Key, version)))];
        Assert.True(ofLeads.Length >= 60);
        Assert.Equal(ofLeads.Length, ofLeads.Distinct().Count());
        Assert.Contains(heard, edge => edge.Versions().All(e => e.Key.Kind is not EntityKind.Lead));
    }

    [StoreFact]
    public async Task A_silo_whose_clock_is_ahead_ends_an_offer_once()
    {
        var time = new ManualTime();
        await using var silos = await StartAsync(i => i == 1 ? new Ahead(time, TimeSpan.FromMinutes(2)) : time);
        await Business.OpenAsync(silos.Mesh, concurrent: 1);
        await silos.Mesh.AnswerAsync(Business.Capture("l1", silos.Mesh.Now));
        await Business.EventuallyAsync("it is offered", async () => (await silos.Mesh.Journal.LeadsAsync())[0].State == "offered");
        time.Advance(TimeSpan.FromMinutes(8));
        await Business.EventuallyAsync("it is back in its line", async () => (await silos.Mesh.Journal.LeadsAsync())[0].State == "queued");
        await Business.AssertCountedOnceAsync(silos.Mesh, 1);
        Assert.Single((await silos.Mesh.StateAsync<PoolState>(Business.Sales)).Waiting.ById);
    }

    private async Task<SilosHost> StartAsync(Func<int, TimeProvider>? time = null, bool together = true)
    {
        for (var i = 0; i <= Silos; i++)
        {
            journals.Add(await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema, Cluster = "tests", PoolMax = 8 }, default));
        }
        return await SilosHost.StartAsync(Silos, i => journals[Math.Min(i, Silos)], time ?? (_ => TimeProvider.System), new HostLimits { AnswerTimeout = TimeSpan.FromSeconds(5) }, together);
    }

    // Sixteen askers; each insists on its lead until somebody has acknowledged it, and tells what it heard instead if nobody does.
    private static Task PostAsync(IMesh[] edges, int leads, Action<Exception>? failed = null)
    {
        var next = 0;
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        return Task.WhenAll(Enumerable.Range(0, 16).Select(async asker =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= leads;)
            {
                var id = $"l{i:0000}";
                var began = TimeProvider.System.GetTimestamp();
                for (var attempt = 0; ; attempt++)
                {
                    var edge = edges[(asker + attempt) % edges.Length];
                    try
                    {
                        await edge.AnswerAsync(Business.Capture(id, edge.Now) with { IdempotencyKey = id, BodyHash = id });
                        break;
                    }
                    catch (Exception fault) when (fault is JournalUnavailableException or MeshOverloadedException)
                    {
                        failed?.Invoke(fault);
                        heard.Enqueue($"{id}: {fault.Message} <- {fault.InnerException?.GetType().Name}: {fault.InnerException?.Message}");
                        Assert.True(TimeProvider.System.GetElapsedTime(began) < StepMax, $"{id} is not acknowledged; last heard:\n{string.Join('\n', heard.TakeLast(40))}");
                        await Task.Delay(50);
                    }
                }
            }
        }));
    }

    private sealed class Ahead(TimeProvider time, TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + by;

        public override long GetTimestamp() => time.GetTimestamp();

        public override long TimestampFrequency => time.TimestampFrequency;
    }
}
