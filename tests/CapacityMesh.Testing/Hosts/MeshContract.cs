using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

/// <summary>Limits that the contract narrows.</summary>
public sealed record HostLimits
{
    public int RequestsMax { get; init; } = 16_384;
    public TimeSpan TimerWindow { get; init; } = TimeSpan.FromHours(1);
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>A host as the contract drives it.</summary>
public interface IHost : IAsyncDisposable
{
    IMesh Mesh { get; }
}

// Goal: every host keeps the same promises to the edge, over every journal: answered once and durable, exactly once in meaning, nothing lost by a kill.
// Method: one suite, written against IMesh and a journal that it holds, breaks and lets die; a host derives from it and says how it is started and
// where it stores. A "kill" is a journal that stops working, then a new host over the same store.
public abstract partial class MeshContract : IAsyncLifetime
{
    private readonly List<IHost> hosts = [];
    private IJournal store = null!;

    public ManualTime Time { get; } = new();

    public StagedJournal Journal { get; private set; } = null!;

    public IMesh Mesh => hosts[^1].Mesh;

    /// <summary>Opens the store of this test; the same one each time.</summary>
    protected abstract Task<IJournal> OpenAsync();

    /// <summary>Starts a host and returns when it has recovered.</summary>
    public abstract Task<IHost> StartAsync(IJournal journal, TimeProvider time, HostLimits limits);

    /// <summary>Whether everything of the host is decided in one process, so that it knows of a clash before the journal does.</summary>
    protected virtual bool IsOneProcess => true;

    /// <summary>Removes the store.</summary>
    protected virtual Task CleanAsync() => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        store = await OpenAsync();
        await StartHostAsync();
    }

    public async Task DisposeAsync()
    {
        Journal.Release();
        foreach (var host in hosts) await host.DisposeAsync();
        await store.DisposeAsync();
        await CleanAsync();
    }

    /// <summary>A further host over the same store.</summary>
    public async Task<IMesh> StartHostAsync(HostLimits? limits = null)
    {
        Journal = new StagedJournal(store);
        hosts.Add(await StartAsync(Journal, Time, limits ?? new HostLimits()));
        return Mesh;
    }

    /// <summary>Ends the host orderly and starts another.</summary>
    public async Task<IMesh> RestartAsync(HostLimits? limits = null)
    {
        await hosts[^1].DisposeAsync();
        hosts.RemoveAt(hosts.Count - 1);
        return await StartHostAsync(limits);
    }

    /// <summary>The process is gone at once; the store has what was written. Starts another.</summary>
    public Task<IMesh> KillAsync(HostLimits? limits = null)
    {
        Journal.IsDead = true;
        Journal.Release();
        return RestartAsync(limits);
    }
}
