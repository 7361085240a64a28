using System.Diagnostics;
using System.Globalization;
using CapacityMesh.Host.Server;
using CapacityMesh.Testing;
using Microsoft.AspNetCore.Builder;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// Durable leads a second over HTTP at 64 posters, in one run and on one machine: the host on SQLite, the host on PostgreSQL, and the same intake
/// written the plain way on the same PostgreSQL server. Rounds alternate, so that what else the machine does falls on all three.
/// </summary>
internal static class StoresBenchmark
{
    private const string Key = "a-key-for-benchmarks-only";
    private const int Posters = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(3);
    private static long number;

    public static async Task<int> RunAsync()
    {
        if (PostgresServer.WhyNone is { } why)
        {
            await Console.Error.WriteLineAsync(why);
            return 2;
        }
        var folder = Directory.CreateTempSubdirectory("capacitymesh-bench-");
        var server = new PostgresServer();
        await server.InitializeAsync();
        try
        {
            await MeasureAsync(folder.FullName, server.ConnectionString);
        }
        finally
        {
            await server.DisposeAsync();
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static async Task MeasureAsync(string folder, string postgres)
    {
        Environment.SetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY", Key);
        await using var sqlite = await MeshServer.StartAsync(new ServerOptions("http://127.0.0.1:0", folder, BehindProxy: false), CancellationToken.None);
        await using var shared = await MeshServer.StartAsync(new ServerOptions("http://127.0.0.1:0", folder, BehindProxy: false) { Postgres = postgres }, CancellationToken.None);
        await using var plain = await PlainIntake.StartAsync(postgres);
        Uri[] urls = [sqlite.Address, shared.Address, new Uri(plain.Urls.First())];
        foreach (var url in urls[..2]) await IntakeBenchmark.SetUpAsync(url, Key);
        var best = new double[urls.Length];
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < urls.Length; i++)
            {
                var rate = await RateAsync(urls[i]);
                // The first round warms.
                if (round > 0) best[i] = Math.Max(best[i], rate);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Posters} posters: SQLite {best[0]:N0}/s, PostgreSQL {best[1]:N0}/s ({best[1] / best[0]:0.00} of SQLite), the plain way on PostgreSQL {best[2]:N0}/s; against it SQLite {best[0] / best[2]:0.0} times, PostgreSQL {best[1] / best[2]:0.0} times"));
    }

    private static async Task<double> RateAsync(Uri server)
    {
        var (count, began) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Posters).Select(_ => Task.Run(async () =>
        {
            using var poster = new Poster(server, "/v1/leads", Key);
            while (Stopwatch.GetElapsedTime(began) < Lasts)
            {
                var n = Interlocked.Increment(ref number);
                await poster.PostAsync($$$"""{"campaign":"spring","contact":{"name":"Lead {{{n}}}","email":"lead-{{{n}}}@example.com"}}""");
                Interlocked.Increment(ref count);
            }
        })));
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
