using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// Many open leads in a hundred workspaces on SQLite: what the real process needs of memory, and how long after a kill -9 it serves again. The journal is
/// filled in this process by the host's own turns; then the server is started, killed and started as an operator would.
/// </summary>
internal static class MillionBenchmark
{
    private const int Workspaces = 100;
    private const int PeopleOfEach = 10;
    private const int Askers = 512;

    public static async Task RunAsync(int leads)
    {
        var folder = Directory.CreateTempSubdirectory("capacitymesh-bench-");
        try
        {
            var began = Stopwatch.GetTimestamp();
            await FillAsync(folder.FullName, leads);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{leads:N0} open leads made in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; the data folder has {folder.EnumerateFiles().Sum(f => f.Length) / 1e9:0.0} GB"));
            for (var round = 1; round <= 2; round++)
            {
                var (served, memory) = await ServeAndKillAsync(folder.FullName);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start {round}: a lead was acknowledged {served.TotalSeconds:0.00} s after the process began; {memory / 1e6:N0} MB resident after 2,000 leads more"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task FillAsync(string folder, int leads)
    {
        await using var journal = new SqliteJournal(new SqliteJournalOptions(folder));
        await using var mesh = new LocalMesh(journal, new MeshClock(TimeProvider.System), new LocalMeshOptions(), NullLogger<LocalMesh>.Instance);
        await mesh.StartAsync(CancellationToken.None);
        for (var i = 0; i < Workspaces; i++) await SetUpAsync(mesh, NameOf(i));
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(_ => Task.Run(async () =>
        {
            for (int n; (n = Interlocked.Increment(ref next)) <= leads;)
            {
                var (workspace, id) = (NameOf(n % Workspaces), string.Create(CultureInfo.InvariantCulture, $"l{n:0000000}"));
                var submission = new Submission(id, "c-" + id, "spring", mesh.Now, []);
                var request = new MeshRequest(new EntityId(workspace, EntityKind.Contact, "c-" + id), new ContactCommand.Capture(submission)) { TargetIsNew = true, AlsoNew = new EntityId(workspace, EntityKind.Lead, id) };
                if (await mesh.AskAsync(request, CancellationToken.None) is not AskResult.Answered { Answer: Captured { Decision: IntakeDecision.Admitted or IntakeDecision.Waitlisted } }) throw new InvalidOperationException("A lead was turned away.");
            }
        })));
    }

    private static async Task SetUpAsync(LocalMesh mesh, string workspace)
    {
        var process = Core.Routing.Process.Empty with
        {
            Pools = [new PoolDefinition("sales", PoolKind.People)],
            Stages = [new Stage("discovery", "sales", 1, 0.5m, TimeSpan.FromDays(30), Wins: true)],
            Waitlist = new WaitlistRules(100_000, TimeSpan.FromDays(14)),
        };
        await mesh.AskAsync(new MeshRequest(EntityId.Flow(workspace), new FlowCommand.DefineProcess(process)), CancellationToken.None);
        for (var i = 0; i < PeopleOfEach; i++)
        {
            var person = new EntityId(workspace, EntityKind.Salesperson, string.Create(CultureInfo.InvariantCulture, $"p{i}"));
            await mesh.AskAsync(new MeshRequest(person, new SalespersonCommand.Configure(new SalespersonProfile(["sales"], 20_000, 5, [], null, [], []))), CancellationToken.None);
        }
    }

    private static async Task<(TimeSpan Served, long Memory)> ServeAndKillAsync(string folder)
    {
        const string key = "a-key-for-benchmarks-only";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "capacitymesh.dll"), "serve", "--urls", "http://127.0.0.1:5461", "--data", folder]) { RedirectStandardOutput = true };
        start.Environment["CAPACITYMESH_ADMIN_KEY"] = key;
        var began = Stopwatch.GetTimestamp();
        using var server = System.Diagnostics.Process.Start(start)!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:5461"), Timeout = TimeSpan.FromSeconds(60) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            while (!await PostAsync(http, Guid.NewGuid().ToString("N"))) await Task.Delay(20);
            var served = Stopwatch.GetElapsedTime(began);
            for (var i = 0; i < 2_000; i++) await PostAsync(http, Guid.NewGuid().ToString("N"));
            server.Refresh();
            return (served, server.WorkingSet64);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<bool> PostAsync(HttpClient http, string person)
    {
        try
        {
            using var body = new StringContent($$$"""{"campaign":"spring","contact":{"email":"{{{person}}}@example.com"}}""", Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri("/v1/leads", UriKind.Relative), body);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string NameOf(int workspace) => string.Create(CultureInfo.InvariantCulture, $"w{workspace}");
}
