using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using CapacityMesh.Cluster;
using CapacityMesh.Cluster.Edge;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// Durable turns a second of a silo, and of a plain grain that keeps its state in Orleans' grain storage: one entity's small change each, answered once it
/// is durable, on the same PostgreSQL in the same run. First over a thousand entities, then all on one. Rounds alternate.
/// </summary>
internal static class GrainsBenchmark
{
    private const int Askers = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync()
    {
        if (PostgresServer.WhyNone is { } why)
        {
            await Console.Error.WriteLineAsync(why);
            return 2;
        }
        var server = new PostgresServer();
        await server.InitializeAsync();
        try
        {
            await using var journal = await PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Cluster = "benchmark", PoolMax = 16 }, default);
            using var ours = await SiloAsync(11_311, silo =>
            {
                silo.Services.AddSingleton<ISharedJournal>(journal).AddSingleton(new MeshClock(TimeProvider.System));
                silo.AddCapacityMesh();
            });
            using var plain = await PlainAsync(server);
            await MeasureAsync(ours.Services.GetRequiredService<ClusterMesh>(), plain.Services.GetRequiredService<IGrainFactory>());
            await ours.StopAsync();
            await plain.StopAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
        return 0;
    }

    private static async Task MeasureAsync(ClusterMesh mesh, IGrainFactory grains)
    {
        foreach (var entities in new[] { 1_000, 1 })
        {
            Func<int, Task>[] turns =
            [
                n => mesh.AskAsync(new MeshRequest(new EntityId("benchmark", EntityKind.Contact, $"c{n % entities}"), new ContactCommand.Signal("visit", 1)), default),
                n => grains.GetGrain<IPlainContact>($"c{n % entities}").SignalAsync("visit", 1),
            ];
            var best = new double[turns.Length];
            for (var round = 0; round <= Rounds; round++)
            {
                for (var i = 0; i < turns.Length; i++)
                {
                    var rate = await RateAsync(turns[i]);
                    // The first round warms.
                    if (round > 0) best[i] = Math.Max(best[i], rate);
                }
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Askers} askers, {entities:N0} entities: a silo {best[0]:N0} durable turns/s, grain storage {best[1]:N0}/s, ratio {best[0] / best[1]:0.0}"));
        }
    }

    private static async Task<double> RateAsync(Func<int, Task> turn)
    {
        var (count, began) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < Lasts) await turn(Interlocked.Increment(ref count));
        })));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // The statements are plain ones of a single round trip each, which do no more than grain storage asks for.
    private static async Task<IHost> PlainAsync(PostgresServer server)
    {
        DbProviderFactories.RegisterFactory("Npgsql", NpgsqlFactory.Instance);
        await server.ExecuteAsync(
            """
            CREATE TABLE OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText varchar(8000) NOT NULL);
            CREATE TABLE OrleansStorage (
                GrainIdHash integer, GrainTypeHash integer, GrainIdN0 bigint, GrainIdN1 bigint, GrainTypeString varchar(512), GrainIdExtensionString varchar(512),
                ServiceId varchar(150), PayloadBinary bytea, Version integer NOT NULL,
                PRIMARY KEY (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId));
            INSERT INTO OrleansQuery VALUES
            ('WriteToStorageKey', 'INSERT INTO OrleansStorage AS s VALUES (@GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''), @ServiceId, @PayloadBinary, 1)
                ON CONFLICT (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
                DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = s.Version + 1 WHERE s.Version = @GrainStateVersion RETURNING s.Version AS NewGrainStateVersion'),
            ('ReadFromStorageKey', 'SELECT PayloadBinary, now() AS ModifiedOn, Version FROM OrleansStorage WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash
                AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1 AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''') AND ServiceId = @ServiceId'),
            ('ClearStorageKey', 'SELECT 1 WHERE false'),
            ('DeleteStorageKey', 'SELECT 1 WHERE false');
            """);
        return await SiloAsync(11_321, silo => silo.AddAdoNetGrainStorageAsDefault(options =>
            (options.Invariant, options.ConnectionString) = ("Npgsql", server.ConnectionString + ";Max Auto Prepare=16;Maximum Pool Size=16")));
    }

    private static async Task<IHost> SiloAsync(int port, Action<ISiloBuilder> with)
    {
        var host = new HostBuilder().ConfigureLogging(log => log.ClearProviders())
            .UseOrleans(silo => with(silo.UseLocalhostClustering(port, port + 1, serviceId: $"benchmark-{port}", clusterId: $"benchmark-{port}"))).Build();
        await host.StartAsync();
        return host;
    }
}
