using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CapacityMesh.Host.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// Durable leads a second over HTTP at 1 and at 64 concurrent posters, and an empty JSON endpoint of the same server in the same run; then all again
/// with 2 ms added to each sync, as on a cloud disk. Client and server share this machine.
/// </summary>
internal static class IntakeBenchmark
{
    private const string Key = "a-key-for-benchmarks-only";
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(4);
    private static long number;

    public static async Task RunAsync()
    {
        Environment.SetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY", Key);
        foreach (var delay in new[] { 0, 2 })
        {
            var folder = Directory.CreateTempSubdirectory("capacitymesh-bench-");
            try
            {
                await MeasureAsync(folder.FullName, TimeSpan.FromMilliseconds(delay));
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(string folder, TimeSpan delay)
    {
        var options = new ServerOptions("http://127.0.0.1:0", folder, BehindProxy: false)
        {
            BeforeSync = delay > TimeSpan.Zero ? () => Thread.Sleep(delay) : null,
            AlsoMap = app => app.MapPost("/empty", () => Results.Json(new { ok = true })).AllowAnonymous(),
        };
        await using var server = await MeshServer.StartAsync(options, CancellationToken.None);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await SetUpAsync(http);
        await PostersAsync(server.Address, "/v1/leads", 64, Warm);
        await PostersAsync(server.Address, "/empty", 64, Warm);
        var one = await PostersAsync(server.Address, "/v1/leads", 1, Lasts);
        var many = await PostersAsync(server.Address, "/v1/leads", 64, Lasts);
        var empty = await PostersAsync(server.Address, "/empty", 64, Lasts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sync +{delay.TotalMilliseconds:0} ms: 1 poster {one}, 64 posters {many}, ratio {many.PerSecond / one.PerSecond:0.0}; empty endpoint at 64 {empty}, share {many.PerSecond / empty.PerSecond:0%}"));
    }

    /// <summary>A pool, a stage, a person and a campaign.</summary>
    public static async Task SetUpAsync(Uri address, string key)
    {
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await SetUpAsync(http);
    }

    private static async Task SetUpAsync(HttpClient http)
    {
        await PutAsync(http, "/v1/process", """{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.4,"promise":"P2D"}],"waitlist":{"limit":100000,"expires":"P14D"}}""");
        await PutAsync(http, "/v1/people/ann", """{"name":"Ann","pools":["sales"],"weeklyCapacity":20,"concurrent":5}""");
        await PutAsync(http, "/v1/campaigns/spring", """{"name":"Spring","channel":"google"}""");
    }

    private static async Task PutAsync(HttpClient http, string path, string json)
    {
        using var response = await http.PutAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"));
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<Throughput> PostersAsync(Uri server, string path, int posters, TimeSpan time)
    {
        var (count, began, spent) = (0L, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, posters).Select(_ => Task.Run(async () =>
        {
            using var poster = new Poster(server, path, Key);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var n = Interlocked.Increment(ref number);
                await poster.PostAsync($$$"""{"campaign":"spring","contact":{"name":"Lead {{{n}}}","email":"lead-{{{n}}}@example.com"}}""");
                Interlocked.Increment(ref count);
            }
        })));
        return new Throughput(count / Stopwatch.GetElapsedTime(began).TotalSeconds, (Environment.CpuUsage.TotalTime - spent).TotalMicroseconds / count);
    }

    /// <summary>Requests a second, and what each costs the processors, client included.</summary>
    private readonly record struct Throughput(double PerSecond, double Microseconds)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PerSecond:N0}/s ({Microseconds:0} µs each)");
    }
}
