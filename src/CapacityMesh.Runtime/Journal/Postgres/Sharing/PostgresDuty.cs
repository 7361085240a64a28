using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>
/// One duty among the processes on a database, held by a lock of a connection of its own: whoever's connection ends has lost it, and the next one that
/// looks has it. For a moment two may believe to have it; what they do must bear that.
/// </summary>
public sealed class PostgresDuty(PostgresJournalOptions options, string name) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.ConnectionString)
    {
        Pooling = false, KeepAlive = 10, Timeout = 5, CommandTimeout = 5, ApplicationName = $"capacitymesh-{name}",
    });
    private readonly CancellationTokenSource life = new();
    private readonly SemaphoreSlim turn = new(1);
    private Task holding = Task.CompletedTask;
    private volatile CancellationTokenSource? mine;

    /// <summary>Whether this process has it now.</summary>
    public bool IsMine => mine is not null;

    /// <summary>
    /// Returns once this process has it. The token is cancelled when it has lost it. Parts of a process have it together: whoever asks while it is held
    /// here has it at once.
    /// </summary>
    public async Task<CancellationToken> TakeAsync(CancellationToken cancel)
    {
        while (true)
        {
            await turn.WaitAsync(cancel);
            try
            {
                if (mine is { } known) return known.Token;
                if (await TryAsync(cancel) is { } held)
                {
                    var lost = new CancellationTokenSource();
                    mine = lost;
                    holding = Task.Run(() => HoldAsync(held, lost), CancellationToken.None);
                    return lost.Token;
                }
            }
            finally
            {
                turn.Release();
            }
            await Task.Delay(LookEvery, options.Clock, cancel);
        }
    }

    /// <summary>Gives it up.</summary>
    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await holding;
        await source.DisposeAsync();
        life.Dispose();
        turn.Dispose();
    }

    private async Task<NpgsqlConnection?> TryAsync(CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        var has = false;
        try
        {
            connection = await source.OpenConnectionAsync(cancel);
            await new Script(connection).Read("SELECT pg_try_advisory_lock($1)", row => has = row.GetBoolean(0), Sql.Of(LockKey.Of($"duty/{name}", options.Schema))).ExecuteAsync(cancel);
        }
        catch (Exception fault) when (PostgresFault.IsStore(fault))
        {
            has = false;
        }
        if (!has && connection is not null) await connection.DisposeAsync();
        return has ? connection : null;
    }

    private async Task HoldAsync(NpgsqlConnection connection, CancellationTokenSource lost)
    {
        try
        {
            while (!life.IsCancellationRequested)
            {
                await Task.Delay(LookEvery, options.Clock, life.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Script.ExecuteTextAsync(connection, "SELECT 1", CancellationToken.None);
            }
        }
        catch (Exception fault) when (PostgresFault.IsStore(fault) || fault is InvalidOperationException)
        {
            // The connection is gone, and the lock with it.
        }
        mine = null;
        await lost.CancelAsync();
        await connection.DisposeAsync();
    }
}
