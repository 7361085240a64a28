using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster.Tests;

/// <summary>A message that came.</summary>
internal sealed record Told(string Id, string Type, JsonElement Data);

/// <summary>Whoever asked to be told, on a free port of this machine. Told to, it leaves one message without an answer.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private TaskCompletionSource<Told>? trap;

    private HookReceiver(WebApplication app) => this.app = app;

    /// <summary>All that came, in order, repeats included.</summary>
    public ConcurrentQueue<Told> Messages { get; } = new();

    public string Address => app.Urls.Single();

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var receiver = new HookReceiver(builder.Build());
        receiver.app.Run(receiver.ReceiveAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The next message, which gets no answer.</summary>
    public Task<Told> TrapAsync()
    {
        var next = new TaskCompletionSource<Told>(TaskCreationOptions.RunContinuationsAsynchronously);
        trap = next;
        return next.Task;
    }

    /// <summary>What came, each once, in the order in which it came first.</summary>
    public IEnumerable<Told> Once() => Messages.DistinctBy(m => m.Id);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
        var told = new Told(http.Request.Headers["webhook-id"].ToString(), body.GetProperty("type").GetString()!, body.GetProperty("data"));
        if (Interlocked.Exchange(ref trap, null) is { } trapped)
        {
            trapped.SetResult(told);
            // Until the caller is gone.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        Messages.Enqueue(told);
    }
}
