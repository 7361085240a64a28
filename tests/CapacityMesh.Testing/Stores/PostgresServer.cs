using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace CapacityMesh.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own: a new cluster in a temporary folder, on loopback alone, gone with them. Its programs are those of the machine;
/// nothing is installed. The server refuses to run as root, so root lends it to the account that the package made.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Account = "postgres";
    private static readonly string? Programs = FindPrograms();
    private readonly DirectoryInfo? folder = WhyNone is null ? Directory.CreateTempSubdirectory("capacitymesh-postgres-") : null;
    private readonly int port = FreePorts.Take();
    private int schemas;

    /// <summary>Why there is no server; null when there is one.</summary>
    public static string? WhyNone { get; } =
        Programs is null ? "PostgreSQL's programs (initdb, pg_ctl) are neither on PATH nor under /usr/lib/postgresql."
        : Environment.IsPrivilegedProcess && !HasAccount() ? $"Root cannot run PostgreSQL, and there is no account '{Account}' to lend it to."
        : null;

    /// <summary>To its database, as its owner.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres");

    private string Data => Path.Combine(folder!.FullName, "data");

    /// <summary>A schema that nobody used yet.</summary>
    public string NextSchema() => string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref schemas)}");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (folder is null) return;
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", Account, folder.FullName);
        await RunProgramAsync("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-D", Data);
        await StartAsync();
    }

    /// <summary>Starts it; when this returns it takes connections.</summary>
    public Task StartAsync() => RunProgramAsync("pg_ctl", "start", "-w", "-t", "60", "-D", Data, "-l", Path.Combine(folder!.FullName, "log"),
        "-o", string.Create(CultureInfo.InvariantCulture, $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder!.FullName} -c max_connections=60"));

    /// <summary>Stops it at once; whoever is connected is cut off.</summary>
    public Task StopAsync() => RunProgramAsync("pg_ctl", "stop", "-w", "-m", "fast", "-D", Data);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (folder is null) return;
        await RunProgramAsync("pg_ctl", "stop", "-w", "-m", "immediate", "-D", Data);
        folder.Delete(recursive: true);
    }

    /// <summary>Runs statements beside the journal; the first value of the last one.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The text is a test's own.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static Task RunProgramAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess ? RunAsync("runuser", ["-u", Account, "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    // Output is not taken from the server: it inherits the pipe, and the end of it would never come.
    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetTempPath(), RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C";
        if (program.EndsWith("initdb", StringComparison.Ordinal) || arguments.Contains("initdb")) start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static bool HasAccount() =>
        File.Exists("/etc/passwd") && File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Account + ":", StringComparison.Ordinal));

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        string[] versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => Path.Combine(v, "bin")),
        ];
        return folders.FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")) && File.Exists(Path.Combine(f, "pg_ctl")));
    }
}
