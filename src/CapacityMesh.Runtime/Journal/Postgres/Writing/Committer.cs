using CapacityMesh.Runtime.Journal.Postgres.Native;
using CapacityMesh.Runtime.Journal.Postgres.Sharing;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Writing;

/// <summary>
/// Writes batches, each in one transaction of two round trips: first all that can conflict, to its end, so that a conflict names everything; then all
/// that cannot, with the commit. Safe beside any number of writers: every check is a write or a lock.
/// </summary>
internal sealed class Committer(Connections connections, string schema, bool isShared)
{
    // Two writers meet at one key at one moment: the second look finds the first one's work. More is a server in trouble.
    private const int AttemptsMax = 4;

    private readonly long outboxLock = LockKey.Of("outbox", schema);

    /// <summary>See <see cref="IJournal.CommitAsync"/>. Cancelled before it has a connection it leaves no trace; from then on it runs to its end.</summary>
    public async ValueTask<CommitResult> CommitAsync(CommitBatch batch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (batch.IsEmpty) return CommitResult.Committed.Instance;
        for (var attempt = 1; ; attempt++)
        {
            var attempted = new Attempt(batch, outboxLock, isShared);
            try
            {
                await using var connection = await connections.OpenAsync(cancel);
                return await attempted.RunAsync(connection);
            }
            catch (Exception fault) when (attempt < AttemptsMax && PostgresFault.IsContention(fault))
            {
            }
            catch (Exception fault) when (attempt < AttemptsMax && !attempted.MayBeCommitted && PostgresFault.IsConnectionLost(fault))
            {
                connections.Clear();
            }
            catch (Exception fault) when (PostgresFault.IsStore(fault))
            {
                throw PostgresFault.Unavailable(fault);
            }
        }
    }

    private sealed class Attempt(CommitBatch batch, long outboxLock, bool isShared)
    {
        private readonly TurnWriter turns = new(batch);
        private readonly OutboxWriter outbox = new(batch);
        private readonly TimerWriter timers = new(batch);
        private readonly RequestWriter requests = new(batch);
        private readonly IdentityWriter identities = new(batch);

        /// <summary>Whether the commit was sent: if its answer is lost, nobody knows.</summary>
        public bool MayBeCommitted { get; private set; }

        public async Task<CommitResult> RunAsync(NpgsqlConnection connection)
        {
            await CheckAsync(connection);
            var conflicts = new Conflicts();
            turns.Name(conflicts);
            outbox.Name(conflicts);
            timers.Name(conflicts);
            requests.Name(conflicts);
            identities.Name(conflicts);
            if (conflicts.Any)
            {
                await new Script(connection).Run("ROLLBACK").ExecuteAsync(CancellationToken.None);
                return conflicts.ToResult();
            }
            MayBeCommitted = true;
            await WriteAsync(connection);
            return CommitResult.Committed.Instance;
        }

        // The outbox's lock is shared among writers; who reads the outbox takes it alone, and so sees no sequence before an earlier one.
        private Task CheckAsync(NpgsqlConnection connection)
        {
            var script = new Script(connection).Run("BEGIN").Run("SELECT pg_advisory_xact_lock_shared($1)", Sql.Of(outboxLock));
            turns.Check(script);
            outbox.Check(script);
            timers.Check(script);
            requests.Check(script);
            identities.Check(script);
            return script.ExecuteAsync(CancellationToken.None);
        }

        private Task WriteAsync(NpgsqlConnection connection)
        {
            var script = new Script(connection);
            outbox.Write(script);
            timers.Write(script);
            new RowWriter(batch.Rows).Write(script);
            new LeadWriter(batch).Write(script);
            turns.Write(script);
            if (isShared) FeedWriter.Write(script, batch);
            return script.Run("COMMIT").ExecuteAsync(CancellationToken.None);
        }
    }
}
