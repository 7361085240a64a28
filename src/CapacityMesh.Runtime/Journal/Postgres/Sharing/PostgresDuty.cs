using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>
/// One duty among the processes on a database, held by a lock of a connection of its own: whoever's connection ends has lost it, and the next one that
/// looks has it. For a moment two may believe to have it; what they do must bear that.
/// </summary>
public sealed class PostgresDuty(PostgresJournalOptions options, string name) : IAsyncDisposable
{
    // Whoever waits looks so often: the most of what a takeover takes.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    // Whoever has it learns so soon that it has it no longer: sooner than the server gives it to another one, see below.
    private static readonly TimeSpan ProveEvery = TimeSpan.FromSeconds(2);
    private const int AnswerSeconds = 5;
    // A process that ends closes its connection. A machine that is cut off does not: the server asks after five seconds, and gives it up after eleven.
    private const string Keepalives = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(SettingsOf(options.ConnectionString, name));
    private readonly CancellationTokenSource life = new();
    private readonly Lock gate = new();
    private TaskCompletionSource<CancellationToken> taken = NotTaken();
    private Task? work;
    private bool isOver;

    /// <summary>Whether this process has it now.</summary>
    public bool IsMine => Volatile.Read(ref taken).Task.IsCompleted;

    /// <summary>
    /// Returns once this process has it. The token is cancelled when it has lost it. Parts of a process have it together: whoever asks while it is held
    /// here has it at once.
    /// </summary>
    public Task<CancellationToken> TakeAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (!isOver) work ??= Task.Run(WorkAsync, CancellationToken.None);
            return taken.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Gives it up, so that another process has it at its next look.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (isOver) return;
            isOver = true;
        }
        await life.CancelAsync();
        await (work ?? Task.CompletedTask);
        await source.DisposeAsync();
        life.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!life.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(life.Token);
                while (!await TryAsync(connection)) await Task.Delay(LookEvery, options.Clock, life.Token);
                await HoldAsync(connection);
            }
#pragma warning disable CA1031 // The connection is gone, and the lock with it, or there is no server yet. Whatever it was, somebody must have the duty.
            catch (Exception)
#pragma warning restore CA1031
            {
                await Task.Delay(LookEvery, options.Clock, life.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryAsync(NpgsqlConnection connection)
    {
        var has = false;
        await new Script(connection).Read("SELECT pg_try_advisory_lock($1)", row => has = row.GetBoolean(0), Sql.Of(LockKey.Of($"duty/{name}", options.Schema))).ExecuteAsync(life.Token);
        return has;
    }

    private async Task HoldAsync(NpgsqlConnection connection)
    {
        using var lost = new CancellationTokenSource();
        taken.SetResult(lost.Token);
        try
        {
            while (true)
            {
                await Task.Delay(ProveEvery, options.Clock, life.Token);
                await Script.ExecuteTextAsync(connection, "SELECT 1", CancellationToken.None);
            }
        }
        finally
        {
            lock (gate) taken = NotTaken();
            await lost.CancelAsync();
        }
    }

    private static TaskCompletionSource<CancellationToken> NotTaken() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string SettingsOf(string connection, string name)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { Pooling = false, KeepAlive = 0, Timeout = AnswerSeconds, CommandTimeout = AnswerSeconds, ApplicationName = $"capacitymesh-{name}" };
        settings.Options = $"{settings.Options} {Keepalives}".Trim();
        return settings.ConnectionString;
    }
}
