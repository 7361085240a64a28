using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CapacityMesh.Host.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// From the request that saturates the system to the pause received by a platform's stand-in, over real HTTP and a journal that syncs: capacity goes
/// away, Flow plans, the campaign's machine signals, the actuator reads, writes down what it is about to do, and says it. Over 200 runs.
/// </summary>
internal static class ActuateBenchmark
{
    private const string Key = "a-key-for-benchmarks-only";
    private const int Runs = 200;
    private const int LeadsPerRun = 30;
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);
    private static readonly Channel<long> Pauses = Channel.CreateUnbounded<long>();
    private static readonly Channel<long> Resumes = Channel.CreateUnbounded<long>();
    private static volatile string status = "ACTIVE";
    private static volatile string budget = "5000";

    /// <summary>0 when the target was met.</summary>
    public static async Task<int> RunAsync()
    {
        Environment.SetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY", Key);
        Environment.SetEnvironmentVariable("CAPACITYMESH_ALLOW_LOOPBACK_CALLOUTS", "true");
        var folder = Directory.CreateTempSubdirectory("capacitymesh-actuate-");
        try
        {
            await using var platform = await StandInAsync();
            await using var server = await MeshServer.StartAsync(new ServerOptions("http://127.0.0.1:0", folder.FullName, BehindProxy: false), CancellationToken.None);
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = server.Address };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            await SetUpAsync(http, platform.Urls.Single());
            var (took, loop) = (new List<double>(Runs), new List<double>(Runs));
            for (var run = 0; run < Runs + 3; run++)
            {
                var (pause, agreed) = await OnceAsync(http);
                // The first runs compile.
                if (run < 3) continue;
                took.Add(pause);
                loop.Add(agreed);
            }
            Print("saturation to pause received", took);
            Print("saturation to read-back agreed and acknowledged", loop);
            return At(took, 0.99) < Target.TotalMilliseconds ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Pause, double Agreed)> OnceAsync(HttpClient http)
    {
        var began = Stopwatch.GetTimestamp();
        // The last free person goes away: nobody can serve what waits.
        await SendAsync(http, HttpMethod.Post, "/v1/people/bob/status", """{"status":"away"}""");
        using var patience = new CancellationTokenSource(WaitMax);
        var pause = await Pauses.Reader.ReadAsync(patience.Token);
        var took = Stopwatch.GetElapsedTime(began, pause).TotalMilliseconds;
        await UntilAcknowledgedAsync(http, "pause");
        var agreed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await SendAsync(http, HttpMethod.Post, "/v1/people/bob/status", """{"status":"available"}""");
        await Resumes.Reader.ReadAsync(patience.Token);
        await UntilAcknowledgedAsync(http, "run");
        return (took, agreed);
    }

    private static async Task SetUpAsync(HttpClient http, string platform)
    {
        await SendAsync(http, HttpMethod.Put, "/v1/process", """{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.5,"promise":"P2D"}],"offerTimeout":"P1D"}""");
        await SendAsync(http, HttpMethod.Put, "/v1/people/anna", """{"name":"Anna","pools":["sales"],"weeklyCapacity":1,"concurrent":1}""");
        await SendAsync(http, HttpMethod.Put, "/v1/people/bob", """{"name":"Bob","pools":["sales"],"weeklyCapacity":2000,"concurrent":500}""");
        await SendAsync(http, HttpMethod.Put, "/v1/campaigns/spring", """{"name":"Spring","channel":"meta","limits":{"minDwell":"PT0S","changesPerHour":60}}""");
        for (var i = 0; i < LeadsPerRun; i++) await SendAsync(http, HttpMethod.Post, "/v1/leads", $$$"""{"campaign":"spring","contact":{"email":"lead-{{{i}}}@example.com"}}""");
        await SendAsync(http, HttpMethod.Post, "/v1/connectors", $$$"""{"platform":"meta","secrets":{"accessToken":"token"},"apiBaseUrl":"{{{platform}}}","campaigns":{"555":"spring"},"actuate":"apply"}""");
        await UntilAcknowledgedAsync(http, "run");
    }

    private static async Task UntilAcknowledgedAsync(HttpClient http, string action)
    {
        var deadline = DateTime.UtcNow + WaitMax;
        while (true)
        {
            using var read = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/campaigns/spring", UriKind.Relative)));
            if (read.RootElement.GetProperty("acknowledged") is { ValueKind: JsonValueKind.Object } said && said.GetProperty("applied").GetString() == action) return;
            if (DateTime.UtcNow > deadline) throw new InvalidOperationException($"{action} was never acknowledged: {await http.GetStringAsync(new Uri("/v1/actuators", UriKind.Relative))}");
            await Task.Delay(2);
        }
    }

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        using var response = await http.SendAsync(request);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task<WebApplication> StandInAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(async context =>
        {
            var form = HttpMethods.IsPost(context.Request.Method) ? await context.Request.ReadFormAsync() : null;
            if (form is null)
            {
                await context.Response.WriteAsync($$"""{"id":"555","status":"{{status}}","effective_status":"{{status}}","daily_budget":"{{budget}}"}""");
                return;
            }
            if (form["status"] == "PAUSED") Pauses.Writer.TryWrite(Stopwatch.GetTimestamp());
            if (form["status"] == "ACTIVE") Resumes.Writer.TryWrite(Stopwatch.GetTimestamp());
            if (form.ContainsKey("status")) status = form["status"]!;
            else budget = form["daily_budget"]!;
            await context.Response.WriteAsync("""{"success":true}""");
        });
        await app.StartAsync();
        return app;
    }

    private static void Print(string what, List<double> took) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: p50 {At(took, 0.5):0.0} ms, p99 {At(took, 0.99):0.0} ms, max {took.Max():0.0} ms over {took.Count} runs"));

    private static double At(List<double> took, double share) => took.Order().ElementAt((int)Math.Ceiling(share * took.Count) - 1);
}
