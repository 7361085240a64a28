using System.CommandLine;
using CapacityMesh.Host.Serving;

namespace CapacityMesh.Host.Commands;

/// <summary><c>serve</c>: the product on one machine.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string[]>("--urls") { Description = "Where to listen; several are separated by ';'.", DefaultValueFactory = _ => ["http://127.0.0.1:5080"], AllowMultipleArgumentsPerToken = true };
        var data = new Option<string>("--data") { Description = "The data folder; created if missing.", DefaultValueFactory = _ => "data" };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Connection string of a PostgreSQL database, instead of the data folder.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAPACITYMESH_POSTGRES"),
        };
        var behindProxy = new Option<bool>("--behind-proxy") { Description = "A proxy in front ends TLS: listen beyond loopback without it, and believe its X-Forwarded headers." };
        var command = new Command("serve", "Serve the API and the board.") { urls, data, postgres, behindProxy };
        command.SetAction((parsed, cancel) => RunAsync(
            new ServerOptions
            {
                Urls = [.. parsed.GetValue(urls)!.SelectMany(u => u.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
                DataFolder = parsed.GetValue(data)!,
                Postgres = parsed.GetValue(postgres),
                IsBehindProxy = parsed.GetValue(behindProxy),
            },
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancel)
    {
        try
        {
            await using var server = await MeshServer.StartAsync(options, cancel);
            await Greeting.WriteAsync(Console.Out, server);
            await server.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception fault) when (StartProblem.Of(fault) is { } problem)
        {
            await Console.Error.WriteLineAsync($"{problem.Code}: {problem.Text}");
            return StartProblem.ExitCode;
        }
    }
}
