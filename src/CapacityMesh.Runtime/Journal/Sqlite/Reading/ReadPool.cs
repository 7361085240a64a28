using System.Collections.Concurrent;

namespace CapacityMesh.Runtime.Journal.Sqlite.Reading;

/// <summary>
/// A few connections that read beside the writer. A read runs on its caller's thread: most take microseconds from the page cache, less than a way to
/// another thread and back.
/// </summary>
internal sealed class ReadPool(SqliteJournalOptions options) : IAsyncDisposable
{
    private readonly ConcurrentStack<ReadSession> idle = [];
    private readonly SemaphoreSlim room = new(Math.Max(1, options.ReadersMax));
    private volatile bool closed;

    /// <summary>Reads with a connection of its own.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancel)
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
