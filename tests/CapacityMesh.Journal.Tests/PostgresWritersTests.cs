using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

// Goal: several processes share one database, any of them may be cut off at any moment, and nothing is lost, doubled or skipped.
// Method: several journals on one schema of a real server; a lock held beside them stops a commit at a chosen place.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class PostgresWritersTests(PostgresServer server)
{
    private readonly string schema = server.NextSchema();

    [StoreFact]
    public async Task Of_two_journals_that_race_for_one_entity_exactly_one_wins_and_the_other_conflicts()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        for (var round = 0; round < 50; round++)
        {
            var stored = (await first.LoadAsync(Anna, default))?.Version ?? 0;
            var results = await Task.WhenAll(
                Task.Run(() => RaceAsync(first, stored, stored + 1, [Anna, Sales])),
                Task.Run(() => RaceAsync(second, stored, stored + 3, [Sales, Anna])));
            Assert.Single(results, r => r is CommitResult.Committed);
            var conflict = Assert.IsType<CommitResult.Conflict>(Assert.Single(results, r => r is not CommitResult.Committed));
            Assert.Equal(2, conflict.Entities.Count);
        }
        Assert.Equal(50, (await first.LoadAsync(Anna, default))!.Tail.Count);
        Assert.Equal(50, (await second.OutboxAsync(0, 1_000, default)).Count);
    }

    [StoreFact]
    public async Task Of_two_journals_that_race_for_what_is_owed_or_claimed_exactly_one_has_it()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        for (var round = 1; round <= 30; round++)
        {
            var (effect, timer, number) = (new EffectId(Anna, round, 0), Timer(Anna, "offer", round), round);
            await first.CommitAsync(b => { b.EffectsAdded.Add(Effect(Anna, number)); b.TimersSet.Add(timer); });
            var results = await Task.WhenAll(new[] { first, second }.SelectMany((journal, who) => new Action<CommitBatch>[]
            {
                b => b.EffectsConsumed.Add(effect), b => b.TimersConsumed.Add(timer), b => b.Requests.Add(Open($"k{number}")), b => b.Claims.Add(Claim($"i{number}", $"c{who}")),
            }.Select(fill => Task.Run(async () =>
            {
                var batch = new CommitBatch();
                fill(batch);
                return await journal.CommitAsync(batch, default);
            }))));
            for (var kind = 0; kind < 4; kind++) Assert.Single(new[] { results[kind], results[kind + 4] }, r => r is CommitResult.Committed);
        }
    }

    [StoreFact]
    public async Task Reports_of_one_pair_that_race_are_all_committed_and_one_waits()
    {
        await using var first = await OpenAsync();
        await using var second = await OpenAsync();
        for (var round = 1; round <= 30; round++)
        {
            var version = round * 2;
            await Task.WhenAll(
                Task.Run(() => first.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, version)))),
                Task.Run(() => second.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, version + 1)))));
            var waiting = Assert.Single(await first.OutboxAsync(0, 10, default));
            await first.CommitAsync(b => b.EffectsConsumed.Add(waiting.Id));
        }
    }

    [StoreFact]
    public async Task A_reader_who_pages_the_outbox_beside_writers_misses_nothing()
    {
        const int writers = 4, commits = 60;
        await using var journal = await OpenAsync();
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var version = 1; version <= commits; version++)
            {
                var effect = Effect(Lead($"{writer}"), version);
                await journal.CommitAsync(b => b.EffectsAdded.Add(effect));
            }
        })));
        var (seen, after) = (new HashSet<EffectId>(), 0L);
        for (var isLast = false; !isLast;)
        {
            isLast = writing.IsCompleted;
            foreach (var effect in await journal.OutboxAsync(after, 7, default))
            {
                Assert.True(effect.Sequence > after && seen.Add(effect.Id));
                after = effect.Sequence;
                isLast = false;
            }
        }
        await writing;
        Assert.Equal(writers * commits, seen.Count);
    }

    // The checks write turns, the commit follows the lead index: so one is cut off before its fate is open, the other after.
    [StoreTheory]
    [InlineData("leads", false)]
    [InlineData("turns", true)]
    public async Task A_commit_whose_connection_is_cut_fails_or_is_done_once_and_the_next_one_works(string lockedTable, bool isDone)
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        await using var blocker = new Npgsql.NpgsqlConnection(server.ConnectionString + $";Pooling=false;Search Path={schema}");
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
#pragma warning disable CA2100 // The text is this test's own.
        await using (var command = new Npgsql.NpgsqlCommand($"LOCK TABLE {lockedTable} IN EXCLUSIVE MODE", blocker)) await command.ExecuteNonQueryAsync();
#pragma warning restore CA2100

        var batch = new CommitBatch();
        batch.Appends.Add(Append(Anna, 1, 2));
        batch.Leads.Add(Row("anna"));
        var commit = Task.Run(() => journal.CommitAsync(batch, default).AsTask());
        while ((long)(await server.ExecuteAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE NOT granted AND relation = '{schema}.{lockedTable}'::regclass"))! == 0)
        {
            Assert.False(commit.IsCompleted, "the commit did not wait for the lock");
            await Task.Yield();
        }
        await transaction.RollbackAsync();

        if (isDone) Assert.IsType<CommitResult.Committed>(await commit);
        else await Assert.ThrowsAsync<JournalUnavailableException>(() => commit);
        Assert.Equal(isDone ? 2 : 1, (await journal.LoadAsync(Anna, default))!.Version);
        await journal.CommitAsync(b => b.Appends.Add(Append(Anna, isDone ? 2 : 1, 3)));
    }

    [StoreFact]
    public async Task While_the_server_is_down_calls_fail_plainly_and_afterwards_all_is_there()
    {
        await using var journal = await OpenAsync();
        await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        await server.StopAsync();
        try
        {
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.CommitAsync(b => b.Appends.Add(Append(Anna, 1, 2))));
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.LoadAsync(Anna, default));
            var options = new PostgresJournalOptions(server.ConnectionString + ";Password=secret-word") { Schema = schema, OpenTimeout = TimeSpan.FromMilliseconds(300) };
            var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => PostgresJournal.OpenAsync(options, default));
            Assert.Contains("127.0.0.1", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-word", refused.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await server.StartAsync();
        }
        Assert.Equal(1, (await journal.LoadAsync(Anna, default))!.Version);
        await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 1, 2)));
    }

    [StoreFact]
    public async Task Openers_that_start_at_once_migrate_once_and_all_work()
    {
        var journals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(OpenAsync)));
        for (var i = 0; i < journals.Length; i++)
        {
            var version = i;
            await journals[i].CommitAsync(b => b.Appends.Add(Append(Anna, version, version + 1)));
        }
        Assert.Equal(2L, await server.ExecuteAsync($"SELECT count(*) FROM {schema}.schema_version"));
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [StoreFact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await using (var journal = await OpenAsync()) await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        await server.ExecuteAsync($"INSERT INTO {schema}.schema_version (version) VALUES (99)");

        var refused = await Assert.ThrowsAsync<JournalSchemaException>(OpenAsync);
        Assert.Equal(99, refused.Found);
        Assert.True(refused.Known < 99);

        await server.ExecuteAsync($"DELETE FROM {schema}.schema_version WHERE version = 99");
        await using var again = await OpenAsync();
        Assert.NotNull(await again.LoadAsync(Anna, default));
    }

    [StoreFact]
    public async Task What_waiting_cannot_mend_is_told_at_once()
    {
        var options = new PostgresJournalOptions(server.ConnectionString + ";Database=nowhere") { OpenTimeout = TimeSpan.FromMinutes(10) };
        var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => PostgresJournal.OpenAsync(options, default));
        Assert.Contains("nowhere", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => PostgresJournal.OpenAsync(options with { Schema = "x; DROP SCHEMA public" }, default));
        await Assert.ThrowsAsync<ArgumentException>(() => PostgresJournal.OpenAsync(new PostgresJournalOptions("Hots=127.0.0.1"), default));
    }

    private Task<PostgresJournal> OpenAsync() => PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema }, default);

    private static async Task<CommitResult> RaceAsync(PostgresJournal journal, long expected, long version, EntityId[] entities)
    {
        var batch = new CommitBatch();
        foreach (var entity in entities) batch.Appends.Add(Append(entity, expected, version));
        batch.EffectsAdded.Add(Effect(Anna, version));
        return await journal.CommitAsync(batch, default);
    }
}
