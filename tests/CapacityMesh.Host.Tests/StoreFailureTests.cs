using System.Net;
using CapacityMesh.Testing;

namespace CapacityMesh.Host.Tests;

// Goal: a store that is not there, or has no room, costs callers a 503 and never a lead that was acknowledged; all goes on by itself.
// Method: the real process over HTTP; a PostgreSQL server that is stopped, and one whose disk the server itself says is full.
[NeedsPostgres]
public sealed class PostgresFailureTests : IAsyncLifetime
{
    private readonly PostgresServer database = new();

    public Task InitializeAsync() => database.InitializeAsync();

    public Task DisposeAsync() => database.DisposeAsync();

    [StoreFact]
    public async Task A_database_that_does_not_answer_at_the_start_is_waited_for()
    {
        await database.StopAsync();
        using var server = ServerProcess.Begin(FreePorts.Take(), "--postgres", database.ConnectionString);
        await ServerProcess.EventuallyAsync("it lives", async () => await server.StatusAsync("/healthz") == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.StatusAsync("/readyz"));
        var refused = await server.TryCaptureAsync("early@example.com");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Contains("does not answer", server.Output, StringComparison.Ordinal);

        await database.StartAsync();
        await server.ReadyAsync();
        Assert.Equal(HttpStatusCode.Created, (await server.TryCaptureAsync("early@example.com")).Status);
        Assert.Equal(0, await server.TerminateAsync());
    }

    [StoreFact]
    public async Task Told_to_stop_while_it_waits_for_the_database_it_stops()
    {
        using var server = ServerProcess.Begin(FreePorts.Take(), "--postgres", $"Host=127.0.0.1;Port={FreePorts.Take()};Username=nobody;Database=postgres");
        await ServerProcess.EventuallyAsync("it lives", async () => await server.StatusAsync("/healthz") == HttpStatusCode.OK);
        Assert.Equal(0, await server.TerminateAsync());
    }

    [StoreFact]
    public async Task A_database_that_refuses_is_told_at_once()
    {
        var (exit, output) = await ServerProcess.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--postgres", database.ConnectionString.Replace("Database=postgres", "Database=nobody", StringComparison.Ordinal));
        Assert.Equal(2, exit);
        Assert.Contains("refuses", output, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task A_database_without_room_costs_a_503_and_nothing_that_was_acknowledged()
    {
        using var server = ServerProcess.Begin(FreePorts.Take(), "--postgres", database.ConnectionString);
        await server.ReadyAsync();
        await Room.RunsOutAsync(
            server,
            // What the server answers when it cannot grow a table, answered by the server.
            () => database.ExecuteAsync(
                """
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
                CREATE TRIGGER no_room BEFORE INSERT ON capacitymesh.turns FOR EACH STATEMENT EXECUTE FUNCTION no_room();
                """),
            () => database.ExecuteAsync("DROP TRIGGER no_room ON capacitymesh.turns"));
    }
}

// Goal: as above, for the embedded store. Method: the process has a small file system of its own, which a file of ours fills; nothing stands in for the
// disk's answer. Needs unshare and the right to mount within a namespace, and is skipped without.
public sealed class FullDiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [SmallDiskFact]
    public async Task A_disk_without_room_costs_a_503_and_nothing_that_was_acknowledged()
    {
        using var server = await ServerProcess.ServeThroughAsync([.. SmallDisk.Launcher(folder, megabytes: 24)], folder);
        // The disk as the process sees it.
        var ballast = $"/proc/{server.Id}/root{folder}/ballast";
        await Room.RunsOutAsync(server, () => SmallDisk.FillAsync(ballast), () =>
        {
            File.Delete(ballast);
            return Task.CompletedTask;
        });
    }
}

/// <summary>Room that runs out under load and comes back.</summary>
internal static class Room
{
    private const int Leads = 60;

    public static async Task RunsOutAsync(ServerProcess server, Func<Task> fill, Func<Task> free)
    {
        var acknowledged = new List<string>();
        for (var i = 0; i < Leads / 2; i++) acknowledged.Add(await server.CaptureAsync(Email(i)));

        await fill();
        var refused = (HttpStatusCode.Created, (TimeSpan?)null);
        await ServerProcess.EventuallyAsync("room has run out", async () => (refused = await server.TryCaptureAsync(Email(Leads / 2))).Item1 != HttpStatusCode.OK && refused.Item1 != HttpStatusCode.Created);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Item1);
        Assert.True(refused.Item2 > TimeSpan.Zero, "nobody said when to come back");
        await ServerProcess.EventuallyAsync("it says that it is not ready", async () => await server.StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await server.StatusAsync("/healthz"));
        var during = await Task.WhenAll(Enumerable.Range(Leads / 2, 8).Select(i => server.TryCaptureAsync(Email(i))));
        Assert.All(during, d => Assert.Equal(HttpStatusCode.ServiceUnavailable, d.Status));

        await free();
        // Callers come again under their keys; the first of them finds the store well.
        for (var i = 0; i < Leads; i++)
        {
            var email = Email(i);
            await ServerProcess.EventuallyAsync("a caller is served again", async () => (await server.TryCaptureAsync(email)).Status is HttpStatusCode.Created or HttpStatusCode.OK);
        }
        await server.ReadyAsync();
        var stored = (await server.LeadsAsync()).Select(l => l.GetProperty("id").GetString()!).ToArray();
        Assert.Equal(Leads, stored.Distinct().Count());
        Assert.Equal(Leads, stored.Length);
        Assert.All(acknowledged, id => Assert.Contains(id, stored));
    }

    private static string Email(int i) => $"lead-{i}@example.com";
}
