using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Web.Tests;

/// <summary>What a stand-in was asked to do.</summary>
internal sealed record AdOp(string Kind, string? Value = null);

/// <summary>How a stand-in misbehaves at one request.</summary>
internal enum AdFault { Throttle, Error, Reset, Hang, OkError, Garbage, Unauthorized }

/// <summary>What one platform's API looks like to us: written from its documentation, apart from the client.</summary>
internal interface IAdDialect
{
    string Platform { get; }

    /// <summary>A connector for it, without what is the same for all.</summary>
    string Connector(string address, string more = "");

    AdOp? Recognise(Sent sent);

    (int Status, string Body) Answer(AdPlatform state, AdOp op, Sent sent);

    (int Status, string Body) Refuse(AdFault fault);

    /// <summary>What we say to pause and to spend, read from the request.</summary>
    string Paused { get; }

    string Active { get; }

    decimal Budget { get; }
}

/// <summary>An ad platform with one campaign, on a free port of this machine: it remembers what it is told, and misbehaves on demand.</summary>
internal sealed class AdPlatform : IAsyncDisposable
{
    public const string Campaign = "9007199254740993";
    private readonly WebApplication app;
    private readonly IAdDialect dialect;

    private AdPlatform(WebApplication app, IAdDialect dialect) => (this.app, this.dialect, Status, Budget) = (app, dialect, dialect.Active, dialect.Budget);

    public string Address => app.Urls.Single();

    public IAdDialect Dialect => dialect;

    public string Status { get; set; }

    public decimal Budget { get; set; }

    public bool IsShared { get; set; }

    /// <summary>How long it wants quiet when it throttles: seconds, or a date.</summary>
    public Func<string> RetryAfter { get; set; } = () => "3600";

    public string Token { get; set; } = "token";

    /// <summary>A refresh token that is given with the next access token.</summary>
    public string? Rotated { get; set; }

    /// <summary>Set to tell, for an operation and how many of its kind came before, how to misbehave; and whether it is done all the same.</summary>
    public Func<AdOp, int, (AdFault Fault, bool Done)?> Misbehave { get; set; } = (_, _) => null;

    public ConcurrentQueue<(AdOp Op, Sent Sent)> Seen { get; } = new();

    public ConcurrentQueue<string> Uploads { get; } = new();

    public AdOp[] Of(params string[] kinds) => [.. Seen.Where(s => kinds.Contains(s.Op.Kind)).Select(s => s.Op)];

    /// <summary>Pauses, resumes and budgets, in the order they came.</summary>
    public string Changes => string.Join(' ', Of("pause", "resume", "budget").Select(o => o.Value is null ? o.Kind : $"{o.Kind}={o.Value}"));

    public static async Task<AdPlatform> StartAsync(IAdDialect dialect)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var platform = new AdPlatform(builder.Build(), dialect);
        platform.app.Run(platform.HandleAsync);
        await platform.app.StartAsync();
        return platform;
    }

    public async Task Until(Func<AdPlatform, bool> fits)
    {
        var deadline = DateTime.UtcNow.AddSeconds(15);
        while (!fits(this))
        {
            Assert.True(DateTime.UtcNow < deadline, $"it never came to that; status {Status}, budget {Budget}; {string.Join("; ", Seen.TakeLast(12).Select(s => $"{s.Op.Kind} {s.Op.Value} {s.Sent.Method} {s.Sent.Path}"))}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(soon.Token);
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        var sent = new Sent(http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "", headers, await reader.ReadToEndAsync(), DateTimeOffset.UtcNow);
        var op = dialect.Recognise(sent) ?? new AdOp("unknown");
        var before = Of(op.Kind).Length;
        Seen.Enqueue((op, sent));
        var fault = op.Kind is not "token" && TokenOf(headers) != Token ? (AdFault.Unauthorized, false) : Misbehave(op, before);
        var (status, body) = fault is null or { Done: true } ? Do(op, sent) : (200, "");
        if (fault is { } bad)
        {
            if (bad.Fault is AdFault.Reset)
            {
                http.Abort();
                return;
            }
            if (bad.Fault is AdFault.Hang) await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            if (bad.Fault is AdFault.Throttle) http.Response.Headers.RetryAfter = RetryAfter();
            (status, body) = bad.Fault is AdFault.Garbage ? (200, "<html>hello</html>") : dialect.Refuse(bad.Fault);
        }
        http.Response.StatusCode = status;
        if (body.Length > 0 && status != 204) await http.Response.WriteAsync(body);
    }

    private (int Status, string Body) Do(AdOp op, Sent sent)
    {
        if (op.Kind == "pause") Status = dialect.Paused;
        if (op.Kind == "resume") Status = dialect.Active;
        if (op.Kind == "budget") Budget = decimal.Parse(op.Value!, CultureInfo.InvariantCulture);
        if (op.Kind == "upload") Uploads.Enqueue(sent.Body);
        return dialect.Answer(this, op, sent);
    }

    private static string? TokenOf(Dictionary<string, string> headers) =>
        headers.TryGetValue("access-token", out var own) ? own : headers.GetValueOrDefault("authorization")?.Replace("Bearer ", "", StringComparison.Ordinal);

    public static JsonElement Json(string body) => JsonDocument.Parse(body).RootElement;
}
