using System.Collections.Concurrent;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>
/// A few connections that read beside the writer. A read runs on its caller's thread: most take microseconds from the page cache, less than a way to
/// another thread and back. They see commits that are not synced yet, and keep what they saw to themselves until it is.
/// </summary>
internal sealed class ReadPool(SqliteJournalOptions options, Func<Task> whenDurable) : IAsyncDisposable
{
    private readonly ConcurrentStack<ReadSession> idle = [];
    private readonly SemaphoreSlim room = new(Math.Max(1, options.ReadersMax));
    private volatile bool closed;

    /// <summary>Reads with a connection of its own.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancel)
    {
        var result = await SeeAsync(read, cancel);
        await whenDurable().WaitAsync(cancel);
        return result;
    }

    /// <summary>Reads one thing, or null: what is not there has not to become durable.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async ValueTask<T> FindAsync<T>(Func<ReadSession, T> find, CancellationToken cancel)
    {
        var found = await SeeAsync(find, cancel);
        if (found is not null) await whenDurable().WaitAsync(cancel);
        return found;
    }

    private async ValueTask<T> SeeAsync<T>(Func<ReadSession, T> read, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(SqliteJournal));
        await room.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(closed, typeof(SqliteJournal));
            return Read(read);
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>Waits for the reads under way and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        closed = true;
        for (var i = 0; i < Math.Max(1, options.ReadersMax); i++) await room.WaitAsync();
        while (idle.TryPop(out var session)) session.Dispose();
        // Those who wait at the door come in, find it closed, and leave.
        room.Release(Math.Max(1, options.ReadersMax));
    }

    private T Read<T>(Func<ReadSession, T> read)
    {
        if (!idle.TryPop(out var session)) session = new ReadSession(options);
        try
        {
            var result = read(session);
            idle.Push(session);
            return result;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
