using System.Collections.Concurrent;
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
/// away, Flow plans, each campaign's machine signals, the actuator reads, writes down what it is about to do, and says it. Ten times, with twenty
/// campaigns that pause at once: 200 pauses.
/// </summary>
internal static class ActuateBenchmark
{
    private const string Key = "a-key-for-benchmarks-only";
    // A campaign changes its signal at most sixty times an hour, and takes four of them to pause and come back.
    private const int Rounds = 10;
    private const int Campaigns = 20;
    private const int LeadsPerCampaign = 3;
    private static readonly TimeSpan Target = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);
    private static readonly Channel<long> Pauses = Channel.CreateUnbounded<long>();
    private static readonly ConcurrentDictionary<string, (string Status, string Budget)> Live = new();

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
            // The first round compiles.
            await RoundAsync(http);
            var (took, agreed) = (new List<double>(Rounds * Campaigns), new List<double>(Rounds));
            for (var round = 0; round < Rounds; round++)
            {
                var (pauses, all) = await RoundAsync(http);
                took.AddRange(pauses);
                agreed.Add(all);
            }
            Print("saturation to pause received", took);
            Print($"saturation to all {Campaigns} read back and acknowledged", agreed);
            return At(took, 0.99) < Target.TotalMilliseconds ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(List<double> Pauses, double Agreed)> RoundAsync(HttpClient http)
    {
        var began = Stopwatch.GetTimestamp();
        await BobAsync(http, weekly: 1);
        using var patience = new CancellationTokenSource(WaitMax);
        var took = new List<double>(Campaigns);
        while (took.Count < Campaigns) took.Add(Stopwatch.GetElapsedTime(began, await Pauses.Reader.ReadAsync(patience.Token)).TotalMilliseconds);
        await UntilAllAsync(http, "pause");
        var agreed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await BobAsync(http, weekly: 5_000);
        await UntilAllAsync(http, "run");
        return (took, agreed);
    }

    private static Task BobAsync(HttpClient http, int weekly) =>
        SendAsync(http, HttpMethod.Put, "/v1/people/bob", $$"""{"name":"Bob","pools":["sales"],"weeklyCapacity":{{weekly}},"concurrent":500}""");

    private static async Task SetUpAsync(HttpClient http, string platform)
    {
        await SendAsync(http, HttpMethod.Put, "/v1/process", """{"pools":[{"id":"sales","kind":"people"}],"stages":[{"id":"discovery","pool":"sales","effort":1,"passRate":0.5,"promise":"P2D","wins":true}],"offerTimeout":"P1D"}""");
        await BobAsync(http, weekly: 5_000);
        var map = new List<string>();
        for (var c = 0; c <= Campaigns; c++)
        {
            // The first is worth most: what little capacity is left is its, and it is not steered.
            await SendAsync(http, HttpMethod.Put, $"/v1/campaigns/c{c}", $$$"""{"name":"C{{{c}}}","channel":"linkedin","valuePerWin":{"amount":"{{{(c == 0 ? 100_000 : 10)}}}","currency":"EUR"},"limits":{"minDwell":"PT0S","changesPerHour":60}}""");
            for (var i = 0; i < (c == 0 ? 10 : LeadsPerCampaign); i++) await SendAsync(http, HttpMethod.Post, "/v1/leads", $$$"""{"campaign":"c{{{c}}}","contact":{"email":"lead-{{{c}}}-{{{i}}}@example.com"}}""");
            if (c > 0) map.Add($"\"{1_000 + c}\":\"c{c}\"");
        }
        await SendAsync(http, HttpMethod.Post, "/v1/connectors", $$$"""{"platform":"linkedin","secrets":{"accessToken":"token"},"map":{"adAccount":"42"},"apiBaseUrl":"{{{platform}}}","campaigns":{ {{{string.Join(',', map)}}} },"actuate":"apply"}""");
        await UntilAllAsync(http, "run");
    }

    private static async Task UntilAllAsync(HttpClient http, string action)
    {
        var deadline = DateTime.UtcNow + WaitMax;
        while (true)
        {
            var text = await http.GetStringAsync(new Uri("/v1/actuators", UriKind.Relative));
            using var read = JsonDocument.Parse(text);
            var items = read.RootElement.GetProperty("items").EnumerateArray().ToArray();
            if (items.Length == Campaigns && items.All(i => i.GetProperty("applied") is { ValueKind: JsonValueKind.Object } applied && applied.GetProperty("action").GetString() == action)) return;
            if (DateTime.UtcNow > deadline) throw new InvalidOperationException($"not all came to {action}: {text}");
            await Task.Delay(5);
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
            var id = context.Request.Path.Value!.Split('/')[^1];
            var (status, budget) = Live.GetOrAdd(id, ("ACTIVE", "80"));
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.WriteAsync($$$"""{"id":{{{id}}},"status":"{{{status}}}","dailyBudget":{"amount":"{{{budget}}}","currencyCode":"EUR"}}""");
                return;
            }
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            var set = body.RootElement.GetProperty("patch").GetProperty("$set");
            if (set.TryGetProperty("status", out var asked))
            {
                if (asked.GetString() == "PAUSED") Pauses.Writer.TryWrite(Stopwatch.GetTimestamp());
                status = asked.GetString()!;
            }
            else
            {
                budget = set.GetProperty("dailyBudget").GetProperty("amount").GetString()!;
            }
            Live[id] = (status, budget);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await app.StartAsync();
        return app;
    }

    private static void Print(string what, List<double> took) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: p50 {At(took, 0.5):0.0} ms, p99 {At(took, 0.99):0.0} ms, max {took.Max():0.0} ms of {took.Count}"));

    private static double At(List<double> took, double share) => took.Order().ElementAt((int)Math.Ceiling(share * took.Count) - 1);
}
