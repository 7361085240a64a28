using System.CommandLine;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Host.Demo;
using CapacityMesh.Host.Server;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Demo;
using CapacityMesh.Web.Hosting;

namespace CapacityMesh.Host.Commands;

/// <summary><c>demo</c>: the seed story on a running server, at a visible speed.</summary>
public static class DemoCommand
{
    // An hour and a half a second: a week in two minutes, and a lead about every second.
    private const double Speed = 5_400;

    private static readonly TimeSpan SmokeMax = TimeSpan.FromSeconds(60);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var data = new Option<string?>("--data") { Description = "Folder of the journal; default a new temporary one, deleted at the end." };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the business.", DefaultValueFactory = _ => 1 };
        var smoke = new Option<bool>("--smoke") { Description = "Run for a short while and exit 0 if it worked." };
        var command = new Command("demo", "Serve with a simulated business, at a visible speed.") { urls, data, seed, smoke };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(urls)!, parsed.GetValue(data), parsed.GetValue(seed), parsed.GetValue(smoke), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string urls, string? data, ulong seed, bool smoke, CancellationToken cancel)
    {
        if (ListenRules.Against(urls, behindProxy: false) is { } why) return ServeCommand.Refuse(why);
        var temporary = data is null ? Directory.CreateTempSubdirectory("capacitymesh-demo-") : null;
        try
        {
            await using var server = await MeshServer.StartAsync(new ServerOptions(urls, data ?? temporary!.FullName, BehindProxy: false, Speed), cancel);
            return await LiveAsync(server, seed, smoke);
        }
        catch (Exception fault) when (fault is JournalInUseException or JournalSchemaException or JournalUnavailableException or IOException or ArgumentException or HttpRequestException)
        {
            return ServeCommand.Refuse(fault.Message);
        }
        finally
        {
            temporary?.Delete(recursive: true);
        }
    }

    private static async Task<int> LiveAsync(MeshServer server, ulong seed, bool smoke)
    {
        var key = server.FirstStart?.Key ?? Environment.GetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY");
        if (key is null) return ServeCommand.Refuse("This data folder was started before: give its admin key in CAPACITYMESH_ADMIN_KEY, or use a new folder.");
        Console.WriteLine($"CapacityMesh demo listens on {server.Address}; a week passes in about two minutes");
        if (server.FirstStart is { } first)
        {
            if (first.Key is not null) Console.WriteLine($"Admin key (shown this once): {first.Key}");
            Console.WriteLine($"Board: {new Uri(server.Address, first.LoginPath)}");
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(server.App.Lifetime.ApplicationStopping);
        using var front = new HttpDemoServer(server.Address, key);
        using var world = new LiveWorld(server.Mesh, server.Clock, "default");
        var business = new DemoBusiness(world, front, new SeedStreams(seed));
        await business.SetUpAsync(stop.Token);
        var life = world.RunAsync(stop.Token);
        var exit = smoke ? await SmokeAsync(server, business) : 0;
        if (!smoke) await server.WaitForShutdownAsync();
        await stop.CancelAsync();
        await life;
        return exit;
    }

    // It worked when leads came in, some were worked to an outcome, and the constraint has a name.
    private static async Task<int> SmokeAsync(MeshServer server, DemoBusiness business)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < SmokeMax)
        {
            await Task.Delay(500);
            var flow = (await server.Mesh.ReadAsync<FlowState>(EntityId.Flow("default"), CancellationToken.None))?.State;
            var done = flow?.Pools.Values.Sum(p => p.Stages.Sum(s => s.PassedTotal + s.LostTotal)) ?? 0;
            if (flow?.Constraint is not { } constraint || business.LeadsSent < 10 || done < 3) continue;
            Console.WriteLine($"It works: {flow.Totals.Captured} leads captured, {flow.Totals.Admitted} admitted, {done} stages ended; {constraint.Explanation}");
            return 0;
        }
        return ServeCommand.Refuse("The demonstration did not come to life within a minute.");
    }
}
