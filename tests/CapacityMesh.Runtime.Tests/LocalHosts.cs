using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Journal.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapacityMesh.Runtime.Tests;

internal sealed class LocalHost(LocalMesh mesh) : IHost
{
    public IMesh Mesh => mesh;

    public LocalMesh Local => mesh;

    public ValueTask DisposeAsync() => mesh.DisposeAsync();

    public static async Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits)
    {
        var options = new LocalMeshOptions
        {
            RequestsMax = limits.RequestsMax,
            TimerWindow = limits.TimerWindow,
            AnswerTimeout = limits.AnswerTimeout,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            DrainTimeout = TimeSpan.FromSeconds(2),
        };
        var mesh = new LocalMesh(journal, new MeshClock(time), options, NullLogger<LocalMesh>.Instance);
        await mesh.StartAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
        return new LocalHost(mesh);
    }
}

// Goal: the local host keeps the contract. Method: the suite, over the reference journal.
public sealed class LocalMeshOnMemoryTests : MeshContract
{
    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new MemoryJournal(Time));

    internal override Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) => LocalHost.StartAsync(journal, time, limits);
}

// Goal: the local host keeps the contract on a disk. Method: the suite, each test on a file of its own.
public sealed class LocalMeshOnSqliteTests : MeshContract
{
    private readonly string folder = Directory.CreateTempSubdirectory("capacitymesh-").FullName;

    protected override Task<IJournal> OpenAsync() => Task.FromResult<IJournal>(new SqliteJournal(new SqliteJournalOptions(folder)));

    internal override Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits) => LocalHost.StartAsync(journal, time, limits);

    protected override Task CleanAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }
}
