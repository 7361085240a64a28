using System.CommandLine;
using CapacityMesh.Host.Server;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Hosting;

namespace CapacityMesh.Host.Commands;

/// <summary><c>serve</c>: the product on one machine.</summary>
public static class ServeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Where to listen.", DefaultValueFactory = _ => ServerOptions.DefaultUrls };
        var data = new Option<string>("--data") { Description = "Folder of the SQLite journal; created.", DefaultValueFactory = _ => "./data" };
        var postgres = new Option<string?>("--postgres") { Description = "Connection to PostgreSQL instead (or CAPACITYMESH_POSTGRES).", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAPACITYMESH_POSTGRES") };
        var behindProxy = new Option<bool>("--behind-proxy") { Description = "A proxy in front speaks TLS: allow listening beyond loopback." };
        var command = new Command("serve", "Serve the API, the board and the desk.") { urls, data, postgres, behindProxy };
        command.SetAction((parsed, cancel) => RunAsync(
            new ServerOptions(parsed.GetValue(urls)!, parsed.GetValue(data)!, parsed.GetValue(behindProxy)) { Postgres = parsed.GetValue(postgres) }, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancel)
    {
        if (ListenRules.Against(options.Urls, options.BehindProxy) is { } why) return Refuse(why);
        try
        {
            await using var server = await MeshServer.StartAsync(options, cancel);
            Announce(server);
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception fault) when (fault is JournalInUseException or JournalSchemaException or JournalUnavailableException or IOException or ArgumentException)
        {
            return Refuse(fault.Message);
        }
    }

    // The key and the link are told here and nowhere else, once.
    private static void Announce(MeshServer server)
    {
        Console.WriteLine($"CapacityMesh listens on {server.Address}");
        if (server.FirstStart is not { } first) return;
        if (first.Key is { } key) Console.WriteLine($"Admin key (shown this once): {key}");
        Console.WriteLine($"Board: {new Uri(server.Address, first.LoginPath)}");
    }

    internal static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 2;
    }
}
