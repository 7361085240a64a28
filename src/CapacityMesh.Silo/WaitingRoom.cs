using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;

namespace CapacityMesh.Silo;

/// <summary>
/// Until the database answers: listens where the silo will, says that it lives and is not ready, and tries again, each pause twice as long as the last.
/// </summary>
internal static class WaitingRoom
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>The journal, once it can be opened; null when told to stop before.</summary>
    /// <exception cref="JournalSchemaException">A newer release wrote it.</exception>
    /// <exception cref="JournalOwnedException">It belongs to another cluster.</exception>
    public static async Task<PostgresJournal?> OpenAsync(SiloSettings settings)
    {
        if (await TryAsync(settings, CancellationToken.None) is { } at) return at;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(settings.Urls);
        builder.Logging.ClearProviders();
        await using var room = builder.Build();
        room.MapGet("/healthz", () => Results.Json(new { status = "ok" }));
        room.MapFallback(() => Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The database does not answer yet.", extensions: new Dictionary<string, object?> { ["code"] = "notReady" }));
        await room.StartAsync();
        var stopping = room.Lifetime.ApplicationStopping;
        try
        {
            for (var pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
            {
                await Task.Delay(pause, stopping);
                if (await TryAsync(settings, stopping) is { } journal) return journal;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await room.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<PostgresJournal?> TryAsync(SiloSettings settings, CancellationToken cancel)
    {
        PostgresJournal? journal = null;
        try
        {
            journal = await PostgresJournal.OpenAsync(new PostgresJournalOptions(settings.Postgres) { Cluster = settings.ClusterId, OpenTimeout = TimeSpan.Zero, PoolMax = 16 }, cancel);
            await Membership.PrepareAsync(settings, cancel);
            return journal;
        }
        catch (Exception fault) when (fault is JournalUnavailableException or System.Data.Common.DbException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"{fault.Message} Trying again.");
            if (journal is not null) await journal.DisposeAsync();
            return null;
        }
    }
}
