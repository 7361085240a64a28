using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Postgres.Sharing;
using CapacityMesh.Testing;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

// Goal: members of a cluster hear of every commit once, share what is owed and due without gaps, and no second cluster gets in between.
// Method: several journals on one schema of a real server; a transaction held open beside them stands for a member that is slow to commit.
[Collection(PostgresTests.Name)]
[NeedsPostgres]
public sealed class PostgresSharingTests(PostgresServer server)
{
    private readonly string schema = server.NextSchema();

    [StoreFact]
    public async Task The_feed_names_every_commit_once_whoever_made_it()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        await one.CommitAsync(b => b.Appends.Add(Append(Lead("before"), 0, 0 + 1)));
        var end = await other.FeedEndAsync(default);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : other).CommitAsync(b => b.Appends.Add(Append(Lead($"l{i}"), 0, 0 + 1)))));
        await one.CommitAsync(b => b.Appends.Add(Append(Lead("l0"), 1, 1 + 1)));

        var heard = new List<(EntityId Entity, long Version)>();
        for (var page = await other.FeedAsync(end, 7, default); page.Appended.Count > 0; page = await other.FeedAsync(page.End, 7, default))
        {
            var turns = await other.TurnsAsync(page.Appended, default);
            heard.AddRange(page.Appended.Select(a => (a.Entity, turns.Single(t => t.Entity == a.Entity && t.Turns.FirstVersion == a.FirstVersion).Turns.Version)));
        }
        Assert.Equal(41, heard.Count);
        Assert.Equal(41, heard.Distinct().Count());
        Assert.Equal([1L, 2L], heard.Where(h => h.Entity == Lead("l0")).Select(h => h.Version));
        Assert.DoesNotContain(heard, h => h.Entity == Lead("before"));
    }

    [StoreFact]
    public async Task A_commit_that_began_earlier_and_ends_later_is_not_skipped()
    {
        await using var journal = await OpenAsync();
        var end = await journal.FeedEndAsync(default);
        await using var slow = new Npgsql.NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await slow.OpenAsync();
        await ExecuteAsync(slow, "BEGIN");
        await ExecuteAsync(slow, $"INSERT INTO {schema}.turns VALUES ('acme/lead/slow', 1, 1, '[]')");
        await ExecuteAsync(slow, $"INSERT INTO {schema}.feed (entities, first_versions) VALUES (ARRAY['acme/lead/slow'], ARRAY[1])");
        await journal.CommitAsync(b => b.Appends.Add(Append(Lead("fast"), 0, 0 + 1)));

        // The fast one came later in the order of transactions: it waits for the slow one.
        var during = await journal.FeedAsync(end, 10, default);
        Assert.Empty(during.Appended);
        await ExecuteAsync(slow, "COMMIT");
        var after = await journal.FeedAsync(during.End, 10, default);
        Assert.Equal(["slow", "fast"], after.Appended.Select(t => t.Entity.Key));
    }

    [StoreFact]
    public async Task One_process_has_a_duty_with_all_its_parts_and_the_next_has_it_when_it_ends()
    {
        var settings = new PostgresJournalOptions(server.ConnectionString) { Schema = schema };
        var one = new PostgresDuty(settings, "callouts");
        await using var other = new PostgresDuty(settings, "callouts");
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var parts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => one.TakeAsync(soon.Token)));
        Assert.Single(parts.Distinct());
        var waits = other.TakeAsync(soon.Token);
        Assert.Equal((true, false, false), (one.IsMine, other.IsMine, waits.IsCompleted));
        await one.DisposeAsync();
        Assert.All(parts, p => Assert.True(p.IsCancellationRequested));
        Assert.False((await waits).IsCancellationRequested);
        Assert.Equal((false, true), (one.IsMine, other.IsMine));
    }

    [StoreFact]
    public async Task A_duty_whose_holders_session_ends_is_anothers_soon_and_the_holder_learns_of_it()
    {
        var settings = new PostgresJournalOptions(server.ConnectionString) { Schema = schema };
        await using var one = new PostgresDuty(settings, "lost");
        await using var other = new PostgresDuty(settings, "lost");
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var held = await one.TakeAsync(soon.Token);
        var waits = other.TakeAsync(soon.Token);
        var learned = new TaskCompletionSource();
        held.Register(learned.SetResult);
        // As when its process is killed: the server sees the end of the connection.
        await server.ExecuteAsync("SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'capacitymesh-lost'");
        Assert.False((await waits.WaitAsync(TimeSpan.FromSeconds(2))).IsCancellationRequested);
        await learned.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((false, true), (one.IsMine, other.IsMine));
        // What it lost it may have again.
        var again = one.TakeAsync(soon.Token);
        await other.DisposeAsync();
        Assert.False((await again).IsCancellationRequested);
    }

    [StoreFact]
    public async Task Who_waits_for_news_hears_of_a_commit_of_another()
    {
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        using var stop = new CancellationTokenSource();
        // Once it listens, the first ring ends the wait; until then the commits go on.
        var news = other.NewsAsync(TimeSpan.FromSeconds(30), default);
        var committing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await one.CommitAsync(b => b.Appends.Add(Append(Lead($"n{i}"), 0, 0 + 1)));
                await Task.Delay(5);
            }
        });
        await news.WaitAsync(TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await committing;
    }

    [StoreFact]
    public async Task Shards_have_everything_between_them_and_nothing_twice()
    {
        await using var journal = await OpenAsync();
        var due = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await journal.CommitAsync(b =>
        {
            for (var i = 0; i < 200; i++)
            {
                b.TimersSet.Add(new StoredTimer(Lead($"l{i}"), "t", due));
                b.EffectsAdded.Add(Effect(Lead($"l{i}"), 1));
            }
        });
        var newest = (await journal.DebtorsAsync(new Shard(0, 1), 0, 1, default)).Newest;
        var (timers, debtors) = (new List<EntityId>(), new List<EntityId>());
        for (var i = 0; i < 4; i++)
        {
            var part = await journal.DueAsync(new Shard(i, 4), due, 1_000, default);
            Assert.InRange(part.Count, 20, 90);
            timers.AddRange(part.Select(t => t.Entity));
            debtors.AddRange((await journal.DebtorsAsync(new Shard(i, 4), newest, 1_000, default)).Sources);
        }
        Assert.Equal(200, timers.Distinct().Count());
        Assert.Equal(200, timers.Count);
        Assert.Equal(timers.Select(t => t.Key).Order(), debtors.Select(d => d.Key).Order());
        Assert.Equal(["1.0", "2.0"], (await OwedAsync(journal)).Select(e => $"{e.Id.Version}.{e.Id.Ordinal}"));
    }

    [StoreFact]
    public async Task A_database_of_another_cluster_is_refused_and_left_as_it_is()
    {
        await using (await OpenAsync("one"))
        {
            var refused = await Assert.ThrowsAsync<JournalOwnedException>(() => OpenAsync("two"));
            Assert.Contains("'one'", refused.Message, StringComparison.Ordinal);
        }
        await using var again = await OpenAsync("one");
    }

    private static async Task<IReadOnlyList<StoredEffect>> OwedAsync(PostgresJournal journal)
    {
        await journal.CommitAsync(b => b.EffectsAdded.AddRange([Effect(Anna, 2), Effect(Anna, 1), Effect(Anna, 3)]));
        await journal.ParkAsync(new EffectId(Anna, 3, 0), "parked", default);
        return await journal.OwedByAsync(Anna, 10, default);
    }

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The text is a test's own.
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private Task<PostgresJournal> OpenAsync(string cluster = "tests") =>
        PostgresJournal.OpenAsync(new PostgresJournalOptions(server.ConnectionString) { Schema = schema, Cluster = cluster }, default);
}
