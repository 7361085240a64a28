using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Host.Server;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// From commit to board: 500 sockets watch one workspace while it changes 100 times a second. Every change carries a number of its own, so that
/// each socket's first message that holds it, or a later one of the same person, can be told. Client and server share this machine and one process.
/// </summary>
internal static class BoardsBenchmark
{
    private const string Key = "a-key-for-benchmarks-only";
    private const int Boards = 500;
    private const int People = 40;
    private const int ChangesPerSecond = 100;
    private const double TargetMs = 250;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(10);

    /// <summary>Prints p50 and p99; 0 when the target is met.</summary>
    public static async Task<int> RunAsync()
    {
        Environment.SetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY", Key);
        var folder = Directory.CreateTempSubdirectory("capacitymesh-bench-");
        try
        {
            await using var server = await MeshServer.StartAsync(new ServerOptions("http://127.0.0.1:0", folder.FullName, BehindProxy: false), CancellationToken.None);
            return await MeasureAsync(server);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(MeshServer server)
    {
        await IntakeBenchmark.SetUpAsync(server.Address, Key);
        for (var person = 0; person < People; person++) await ChangeAsync(server.Mesh, person, 0);
        var sockets = await BoardSocket.OpenAsync(server.Address, Key, Boards);
        var commits = new ConcurrentDictionary<(string Person, int Number), long>();
        using var follow = server.Mesh.Follow(turns =>
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var turn in turns)
            {
                if (turn is { Entity.Kind: EntityKind.Salesperson, State: SalespersonState state } && turn.Events.Any(e => e is SalespersonEvent.Configured))
                {
                    commits.TryAdd((turn.Entity.Key, (int)state.Profile.WeeklyCapacity), now);
                }
            }
        });
        var number = await ChangeForAsync(server.Mesh, Warm, 1);
        commits.Clear();
        var (cpu, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await ChangeForAsync(server.Mesh, Lasts, number);
        var took = Stopwatch.GetElapsedTime(began);
        var used = (Environment.CpuUsage.TotalTime - cpu) / took;
        await ArrivedAsync(sockets, commits.IsEmpty ? default : commits.Keys.MaxBy(k => k.Number));
        var times = sockets.SelectMany(s => s.Delays(commits)).Order().ToArray();
        foreach (var socket in sockets) await socket.DisposeAsync();
        return Report(times, commits.Count, sockets, used);
    }

    // A schedule fixed ahead: a server that stalls is not spared the changes that fall due meanwhile.
    private static async Task<int> ChangeForAsync(IMesh mesh, TimeSpan time, int first)
    {
        var (began, changes, count) = (Stopwatch.GetTimestamp(), new List<Task>(), (int)(time.TotalSeconds * ChangesPerSecond));
        for (var i = 0; i < count; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / ChangesPerSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            changes.Add(ChangeAsync(mesh, i % People, first + i));
        }
        await Task.WhenAll(changes);
        return first + count;
    }

    private static async Task ChangeAsync(IMesh mesh, int person, int number)
    {
        var profile = SalespersonProfile.None with { Pools = ImmutableArray.Create("sales"), WeeklyCapacity = number, Concurrent = 5 };
        await mesh.AskAsync(new MeshRequest(new EntityId("default", EntityKind.Salesperson, $"p{person}"), new SalespersonCommand.Configure(profile)), CancellationToken.None);
    }

    private static async Task ArrivedAsync(IReadOnlyList<BoardSocket> sockets, (string Person, int Number) last)
    {
        var began = Stopwatch.GetTimestamp();
        while (sockets.Any(s => !s.Holds(last)) && Stopwatch.GetElapsedTime(began) < ArrivesWithin) await Task.Delay(20);
    }

    private static int Report(double[] times, int changes, IReadOnlyList<BoardSocket> sockets, double cpu)
    {
        var expected = (long)changes * sockets.Count;
        var late = expected - times.Length;
        double At(double share) => times.Length == 0 ? double.PositiveInfinity : times[Math.Min(times.Length - 1, (int)(share * times.Length))];
        var gaps = sockets.Sum(s => s.Gaps);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{sockets.Count} boards, {changes / Lasts.TotalSeconds:0} changes/s for {Lasts.TotalSeconds:0} s: commit to message p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, max {At(1):0.0} ms; {late} of {expected} never came, {gaps} gaps; {sockets.Average(s => s.Messages):0} messages of {sockets.Average(s => s.BytesMean) / 1024:0.0} KiB a board; {cpu:0.00} cores used"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"target p99 {TargetMs:0} ms: {(At(0.99) < TargetMs && late == 0 ? "met" : "missed")}"));
        return At(0.99) < TargetMs && late == 0 ? 0 : 1;
    }
}
