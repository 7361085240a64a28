using System.Globalization;
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
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(4);

    public static async Task RunAsync()
    {
        Environment.SetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY", Posters.Key);
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
        using var http = Posters.To(server.Address);
        await Posters.SetUpAsync(http);
        await Posters.PostAsync(http, "/v1/leads", 64, Warm);
        await Posters.PostAsync(http, "/empty", 64, Warm);
        var one = await Posters.PostAsync(http, "/v1/leads", 1, Lasts);
        var many = await Posters.PostAsync(http, "/v1/leads", 64, Lasts);
        var empty = await Posters.PostAsync(http, "/empty", 64, Lasts);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sync +{delay.TotalMilliseconds:0} ms: 1 poster {one:N0}/s, 64 posters {many:N0}/s, ratio {many / one:0.0}; empty endpoint at 64 {empty:N0}/s, share {many / empty:0%}"));
    }
}
