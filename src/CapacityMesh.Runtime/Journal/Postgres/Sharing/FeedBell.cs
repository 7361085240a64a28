using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>
/// Tells the others that there is news, and hears it from them, by NOTIFY and LISTEN. Rung in a transaction of its own and at most once in
/// <see cref="RestFor"/>: a transaction that notifies holds a lock of the whole server until it is on the disk, and commits would wait in line for it.
/// </summary>
internal sealed class FeedBell(Connections connections, string schema) : IAsyncDisposable
{
    private static readonly TimeSpan RestFor = TimeSpan.FromMilliseconds(20);
    private readonly string channel = $"capacitymesh_{schema}"[..Math.Min(63, 13 + schema.Length)];
    private readonly SemaphoreSlim turn = new(1);
    private NpgsqlConnection? listening;
    private int ringing;

    /// <summary>Rings soon.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref ringing, 1) == 0) _ = Task.Run(RingAsync);
    }

    /// <summary>Waits for the next ring, or a while.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (listening is not { State: System.Data.ConnectionState.Open }) await ListenAsync(cancel);
            await listening!.WaitAsync(atMost, cancel);
        }
        catch (Exception fault) when (PostgresFault.IsStore(fault))
        {
            await LeaveAsync();
            await Task.Delay(atMost, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task RingAsync()
    {
        try
        {
            await Task.Delay(RestFor);
            Interlocked.Exchange(ref ringing, 0);
            await connections.RunAsync((connection, token) => new Script(connection)
                .Run("BEGIN").Run("SET LOCAL synchronous_commit = off").Run("SELECT pg_notify($1, '')", Sql.Of(channel)).Run("COMMIT").ExecuteAsync(token), CancellationToken.None);
        }
        catch (Exception fault) when (fault is JournalUnavailableException or ObjectDisposedException)
        {
            // A hint that is lost: who listens looks by itself as well.
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await LeaveAsync();
        listening = await connections.OpenAsync(cancel);
        await Script.ExecuteTextAsync(listening, $"LISTEN \"{channel}\"", cancel);
    }

    private async Task LeaveAsync()
    {
        if (listening is not { } left) return;
        listening = null;
        // Back to the pool it must not go: it would go on to hear.
        try
        {
            await Script.ExecuteTextAsync(left, "UNLISTEN *", CancellationToken.None);
        }
        catch (Exception fault) when (PostgresFault.IsStore(fault) || fault is InvalidOperationException)
        {
            // The server closed it.
        }
        await left.DisposeAsync();
    }
}
