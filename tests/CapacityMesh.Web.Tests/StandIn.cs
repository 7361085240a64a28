using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Web.Tests;

/// <summary>What a stand-in was sent.</summary>
internal sealed record Sent(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body, DateTimeOffset At);

/// <summary>A platform, or a receiver of webhooks, on a free port of this machine.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandIn(WebApplication app) => this.app = app;

    public ConcurrentQueue<Sent> Requests { get; } = new();

    public string Address => app.Urls.Single();

    /// <summary>Answers each request, given how many came before it, with a status and a body.</summary>
    public static async Task<StandIn> StartAsync(Func<Sent, int, (int Status, string Body)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var standIn = new StandIn(builder.Build());
        var count = 0;
        standIn.app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
            var sent = new Sent(http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "", headers, await reader.ReadToEndAsync(), DateTimeOffset.UtcNow);
            var (status, body) = answer(sent, Interlocked.Increment(ref count) - 1);
            standIn.Requests.Enqueue(sent);
            http.Response.StatusCode = status;
            if (status is 301 or 302) http.Response.Headers.Location = body;
            else if (body.Length > 0) await http.Response.WriteAsync(body);
        });
        await standIn.app.StartAsync();
        return standIn;
    }

    /// <summary>Waits until enough came; fails with what did.</summary>
    public async Task<Sent[]> Until(int count, Func<Sent, bool>? fits = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(15);
        while (true)
        {
            Sent[] found = [.. Requests.Where(r => fits?.Invoke(r) != false)];
            if (found.Length >= count) return found;
            Assert.True(DateTime.UtcNow < deadline, $"{found.Length} of {count} came: {string.Join("; ", Requests.Select(r => $"{r.Method} {r.Path} {r.Body}"))}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>What the tests of platforms share.</summary>
internal static class PlatformCalls
{
    /// <summary>Calls to stand-ins are allowed, and repeated soon.</summary>
    public static WebOptions Near(WebOptions options) => options with { AllowLoopbackCallouts = true, CalloutRetryAfter = TimeSpan.FromMilliseconds(20) };

    /// <summary>Makes a connector; its path for platforms.</summary>
    public static async Task<string> ConnectorAsync(this HttpClient admin, string body) => (await admin.PostOk("/v1/connectors", body, System.Net.HttpStatusCode.Created)).Text("capturePath")!;

    public static string HmacHex(string secret, string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret), System.Text.Encoding.UTF8.GetBytes(text)));

    public static async Task<HttpResponseMessage> PostSigned(this HttpClient client, string path, string body, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Requests.Json(body) };
        request.Headers.TryAddWithoutValidation(header, value);
        return await client.SendAsync(request);
    }

    /// <summary>All leads, once there are so many.</summary>
    public static async Task<System.Text.Json.JsonElement[]> LeadsAsync(this HttpClient admin, int count) =>
        [.. (await admin.Until("/v1/leads", l => l.GetProperty("items").GetArrayLength() == count)).GetProperty("items").EnumerateArray()];

    /// <summary>Waits until a counter of <c>/metrics</c> has reached a number, or passed it.</summary>
    public static async Task UntilCounted(this HttpClient admin, string platform, string result, int count)
    {
        var line = $"capacitymesh_platform_leads_total{{platform=\"{platform}\",result=\"{result}\"}} ";
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (true)
        {
            var text = await admin.GetStringAsync("/metrics");
            if (text.Split('\n').FirstOrDefault(l => l.StartsWith(line, StringComparison.Ordinal)) is { } found && int.Parse(found[line.Length..], System.Globalization.CultureInfo.InvariantCulture) >= count) return;
            Assert.True(DateTime.UtcNow < deadline, $"{line}{count} never came; {string.Join(" | ", text.Split('\n').Where(l => l.StartsWith("capacitymesh_platform", StringComparison.Ordinal)))}");
            await Task.Delay(20);
        }
    }
}
