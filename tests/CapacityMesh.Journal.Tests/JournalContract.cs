using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Journal.Tests;

// Goal: every journal keeps the same contract, so that a host can change its store and notice nothing.
// Method: one suite, written against IJournal alone; each implementation derives from it and only says how a fresh journal is opened.
public abstract partial class JournalContract : IAsyncLifetime
{
    protected IJournal Journal { get; private set; } = null!;

    public async Task InitializeAsync() => Journal = await OpenAsync();

    public async Task DisposeAsync()
    {
        await Journal.DisposeAsync();
        await CleanAsync();
    }

    /// <summary>Opens an empty journal.</summary>
    protected abstract Task<IJournal> OpenAsync();

    /// <summary>Removes what it stored.</summary>
    protected virtual Task CleanAsync() => Task.CompletedTask;
}
