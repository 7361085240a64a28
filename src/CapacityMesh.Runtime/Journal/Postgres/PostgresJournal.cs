using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal.Postgres.Native;
using CapacityMesh.Runtime.Journal.Postgres.Reading;
using CapacityMesh.Runtime.Journal.Postgres.Schema;
using CapacityMesh.Runtime.Journal.Postgres.Sharing;
using CapacityMesh.Runtime.Journal.Postgres.Writing;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres;

/// <summary>
/// The journal in one schema of a PostgreSQL database, for any number of processes. Commits and reads run beside each other on a bounded pool of
/// connections; a connection that is lost is replaced at the next call.
/// </summary>
public sealed class PostgresJournal : ISharedJournal
{
    // What xid8 and pg_current_xact_id came with.
    private const int ServerVersionMin = 13;
    private static readonly TimeSpan DelayMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(5);

    private const string ParkSql = "UPDATE outbox SET parked_reason = $4, parked_at = $5 WHERE source = $1 AND version = $2 AND ordinal = $3 RETURNING sequence";

    private readonly PostgresJournalOptions options;
    private readonly Connections connections;
    private readonly Committer committer;
    private readonly TurnReader turns;
    private readonly OutboxReader outbox;
    private readonly LeadReader leads;
    private readonly RowReader found;
    private readonly PostgresRows rows;
    private readonly SharedReader shared;
    private readonly FeedReader feed;
    private readonly FeedBell bell;

    private PostgresJournal(PostgresJournalOptions options)
    {
        this.options = options;
        connections = new Connections(options);
        committer = new Committer(connections, options.Schema, options.Cluster is not null);
        shared = new SharedReader(connections);
        feed = new FeedReader(connections);
        bell = new FeedBell(connections, options.Schema);
        turns = new TurnReader(connections);
        outbox = new OutboxReader(connections, options.Schema);
        leads = new LeadReader(connections);
        found = new RowReader(connections);
        rows = new PostgresRows(connections, found);
    }

    /// <summary>
    /// Opens the journal of a database; creates its schema, or brings it to the one of this release. Waits for a server that does not answer yet, at most
    /// <see cref="PostgresJournalOptions.OpenTimeout"/>; a wrong password or name is told at once.
    /// </summary>
    /// <exception cref="ArgumentException">The connection string or the schema's name is none.</exception>
    /// <exception cref="JournalSchemaException">A newer release wrote it.</exception>
    /// <exception cref="JournalOwnedException">It belongs to another cluster.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be opened.</exception>
    public static async Task<PostgresJournal> OpenAsync(PostgresJournalOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var journal = new PostgresJournal(options);
        try
        {
            await journal.OpenAsync(cancel);
            return journal;
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public IRowStore Rows => rows;

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel)
    {
        JournalRules.Require(batch);
        return options.Cluster is null ? committer.CommitAsync(batch, cancel) : CommitAndTellAsync(batch, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<StoredEntity?> LoadAsync(EntityId entity, CancellationToken cancel) => turns.LoadAsync(entity, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTurns>> HistoryAsync(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return turns.HistoryAsync(entity, afterVersion, limit, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> KeysAsync(string workspace, EntityKind kind, string? afterKey, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return turns.KeysAsync(workspace, kind, afterKey, limit, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEffect>> OutboxAsync(long afterSequence, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return outbox.WaitingAsync(afterSequence, limit, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ParkAsync(EffectId effect, string reason, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(reason);
        // The server's text holds every character but this one, and a fault's message may hold any.
        var text = JournalLimits.ParkReason(reason.Replace('\0', ' '));
        var parked = await connections.ListAsync(ParkSql, row => row.GetInt64(0), cancel,
            Sql.Of(effect.Source.ToString()), Sql.Of(effect.Version), Sql.Of(effect.Ordinal), Sql.Of(text), Sql.Of(options.Clock.GetUtcNow().UtcTicks));
        return parked.Count > 0;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ParkedEffect>> ParkedAsync(int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return outbox.ParkedAsync(limit, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTimer>> TimersAsync(DateTimeOffset dueBy, int limit, CancellationToken cancel)
    {
        JournalRules.RequirePage(limit);
        return outbox.TimersAsync(dueBy, limit, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<StoredRequest?> RequestAsync(string workspace, string key, CancellationToken cancel) => found.RequestAsync(workspace, key, cancel);

    /// <inheritdoc/>
    public ValueTask<string?> IdentityAsync(string workspace, string identity, CancellationToken cancel) => found.IdentityAsync(workspace, identity, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeadRow>> LeadsAsync(LeadQuery query, CancellationToken cancel)
    {
        JournalRules.Require(query);
        return leads.PageAsync(query, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredEffect>> OwedByAsync(EntityId source, int limit, CancellationToken cancel) => shared.OwedByAsync(source, limit, cancel);

    /// <inheritdoc/>
    public ValueTask<(IReadOnlyList<EntityId> Sources, long Newest)> DebtorsAsync(Shard shard, long upToSequence, int limit, CancellationToken cancel) =>
        shared.DebtorsAsync(shard, upToSequence, limit, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredTimer>> DueAsync(Shard shard, DateTimeOffset dueBy, int limit, CancellationToken cancel) => shared.DueAsync(shard, dueBy, limit, cancel);

    /// <inheritdoc/>
    public ValueTask<ulong> FeedEndAsync(CancellationToken cancel) => feed.EndAsync(cancel);

    /// <inheritdoc/>
    public ValueTask<FeedPage> FeedAsync(ulong after, int limit, CancellationToken cancel) => feed.PageAsync(after, limit, cancel);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<(EntityId Entity, StoredTurns Turns)>> TurnsAsync(IReadOnlyList<AppendedTurns> named, CancellationToken cancel) => feed.TurnsAsync(named, cancel);

    /// <inheritdoc/>
    public Task NewsAsync(TimeSpan atMost, CancellationToken cancel) => bell.WaitAsync(atMost, cancel);

    /// <inheritdoc/>
    public ValueTask TrimFeedAsync(TimeSpan keep, CancellationToken cancel) => feed.TrimAsync(keep, cancel);

    /// <summary>Closes the connections; a call under way ends on its own one.</summary>
    public async ValueTask DisposeAsync()
    {
        await bell.DisposeAsync();
        await connections.DisposeAsync();
    }

    private async ValueTask<CommitResult> CommitAndTellAsync(CommitBatch batch, CancellationToken cancel)
    {
        var result = await committer.CommitAsync(batch, cancel);
        if (result is CommitResult.Committed && batch.Appends.Count > 0) bell.Ring();
        return result;
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        var (begun, delay) = (options.Clock.GetTimestamp(), DelayMin);
        for (; ; delay = delay * 2 < DelayMax ? delay * 2 : DelayMax)
        {
            try
            {
                await using var connection = await connections.OpenAsync(cancel);
                RequireServer(connection);
                await PostgresSchema.ApplyAsync(connection, options.Schema, cancel);
                if (options.Cluster is { } cluster) await Ownership.ClaimAsync(connection, cluster, cancel);
                return;
            }
            catch (Exception fault) when (PostgresFault.IsStore(fault))
            {
                var left = options.OpenTimeout - options.Clock.GetElapsedTime(begun);
                if (PostgresFault.IsOfConfiguration(fault)) throw new JournalUnavailableException($"PostgreSQL at {connections.Server} refuses: {PostgresFault.Text(fault)}", fault) { IsRefusal = true };
                if (left <= TimeSpan.Zero) throw new JournalUnavailableException($"PostgreSQL at {connections.Server} does not answer: {PostgresFault.Text(fault)}", fault);
                if (delay > left) delay = left;
            }
            await Task.Delay(delay, options.Clock, cancel);
        }
    }

    private void RequireServer(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < ServerVersionMin)
        {
            throw new JournalUnavailableException($"PostgreSQL at {connections.Server} has version {connection.PostgreSqlVersion}; at least {ServerVersionMin} is needed.") { IsRefusal = true };
        }
        if (connection.PostgresParameters.GetValueOrDefault("server_encoding") is { } encoding && encoding != "UTF8")
        {
            throw new JournalUnavailableException($"The database at {connections.Server} is encoded in {encoding}; it must be UTF8.") { IsRefusal = true };
        }
    }
}
