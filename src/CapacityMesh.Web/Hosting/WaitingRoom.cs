using CapacityMesh.Runtime.Journal;
using Microsoft.AspNetCore.Hosting;

namespace CapacityMesh.Web.Hosting;

/// <summary>
/// Until the database answers: listens where the server will, says that it lives and is not ready, and tries again, each pause twice as long as the last.
/// </summary>
public static class WaitingRoom
{
    private const int RetryAfterSeconds = 5;
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>What is opened, once it can be; null when told to stop before. Each failure is a line on standard error.</summary>
    /// <param name="urls">Where to listen meanwhile.</param>
    /// <param name="open">Opens; thrown from it, a store that does not answer is waited for, and everything else ends the waiting.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public static async Task<T?> OpenAsync<T>(string urls, Func<CancellationToken, Task<T>> open, CancellationToken cancel)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(open);
        if (await TryAsync(open, cancel) is { } at) return at;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        await using var room = builder.Build();
        room.MapGet("/healthz", () => Results.Json(new { status = "ok" }));
        room.MapFallback(NotYet);
        await room.StartAsync(cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, room.Lifetime.ApplicationStopping);
        try
        {
            for (var pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
            {
                await Task.Delay(pause, stop.Token);
                if (await TryAsync(open, stop.Token) is { } opened) return opened;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await room.StopAsync(CancellationToken.None);
        }
    }

    private static IResult NotYet(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The database does not answer yet.", extensions: new Dictionary<string, object?> { ["code"] = "notReady" });
    }

    private static async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> open, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await open(cancel);
        }
        catch (JournalUnavailableException fault) when (!fault.IsRefusal)
        {
            await Console.Error.WriteLineAsync($"{fault.Message} Trying again.");
            return null;
        }
    }
}
