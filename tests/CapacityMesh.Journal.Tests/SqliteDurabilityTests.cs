using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

// Goal: what was committed survives whatever ends the process, and what cannot be opened says why.
// Method: real files in a temporary folder; a kill is a copy of the files taken while the journal is open, its log cut at any place.
public sealed class SqliteDurabilityTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart_and_sequences_go_on_rising()
    {
        string before;
        long sequence;
        await using (var journal = OpenAt(folder.Path))
        {
            await journal.CommitAsync(b =>
            {
                b.Appends.Add(Append(Anna, 0, 1, "first"));
                b.EffectsAdded.AddRange([Effect(Anna, 1), Report(Anna, 2)]);
                b.TimersSet.Add(Timer(Anna, "offer", 1));
                b.Requests.Add(Open("taken", "done"));
                b.Claims.Add(Claim("mail", "anna"));
                b.Leads.Add(Row("anna"));
            });
            await journal.Rows.ApplyAsync([Put("c", "profile", "p")], default);
            before = await StoreImage.OfAsync(journal);
            sequence = (await journal.OutboxAsync(0, 10, default))[^1].Sequence;
            await journal.CommitAsync(b => b.EffectsConsumed.Add(new EffectId(Anna, 2, 0)));
            await journal.CommitAsync(b => b.EffectsAdded.Add(Report(Anna, 2)));
        }

        Assert.False(File.Exists(Path.Combine(folder.Path, SqliteJournalOptions.FileName + "-wal")), "a close moves the log into the file");
        await using var again = OpenAt(folder.Path);
        Assert.Equal(before, await StoreImage.OfAsync(again));
        await again.CommitAsync(b => b.EffectsAdded.Add(Effect(Anna, 3)));
        Assert.True((await again.OutboxAsync(0, 10, default))[^1].Sequence > sequence + 1);
    }

    [Fact]
    public async Task A_log_torn_at_any_place_opens_with_a_whole_number_of_commits()
    {
        const int commits = 40;
        using var killed = new TemporaryFolder();
        var file = Path.Combine(folder.Path, SqliteJournalOptions.FileName);
        byte[] data, log;
        await using (var journal = OpenAt(folder.Path))
        {
            for (var version = 0; version < commits; version++)
            {
                await journal.CommitAsync(b =>
                {
                    b.Appends.Add(Append(Anna, version, version + 1, new string('x', 700)));
                    b.EffectsAdded.Add(Effect(Anna, version + 1));
                    b.Leads.Add(Row($"{version:D4}"));
                });
            }
            (data, log) = (ReadShared(file), ReadShared(file + "-wal"));
        }

        var found = new HashSet<int>();
        for (var cut = 0; cut <= 16; cut++)
        {
            var length = cut == 16 ? log.Length : (log.Length / 16 * cut) + (cut * 37);
            foreach (var stale in Directory.GetFiles(killed.Path)) File.Delete(stale);
            await File.WriteAllBytesAsync(Path.Combine(killed.Path, SqliteJournalOptions.FileName), data);
            await File.WriteAllBytesAsync(Path.Combine(killed.Path, SqliteJournalOptions.FileName + "-wal"), log[..length]);

            await using var journal = OpenAt(killed.Path);
            var turns = (await journal.LoadAsync(Anna, default))?.Tail.Count ?? 0;
            Assert.Equal(turns, (await journal.OutboxAsync(0, 100, default)).Count);
            Assert.Equal(turns, (await journal.LeadsAsync(new LeadQuery(Workspace, Limit: 500), default)).Count);
            await journal.CommitAsync(b => b.Appends.Add(Append(Anna, turns, turns + 1, "after the kill")));
            found.Add(turns);
        }
        Assert.Contains(commits, found);
        Assert.True(found.Count > 8, $"the cuts were found at {found.Count} places only");
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        await using (var journal = OpenAt(folder.Path)) await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        JournalFile.Execute(folder, "PRAGMA user_version = 99");

        var refused = Assert.Throws<JournalSchemaException>(() => OpenAt(folder.Path));
        Assert.Equal(99, refused.Found);
        Assert.True(refused.Known < 99);

        JournalFile.Execute(folder, $"PRAGMA user_version = {refused.Known}");
        await using var again = OpenAt(folder.Path);
        Assert.NotNull(await again.LoadAsync(Anna, default));
    }

    [Fact]
    public async Task A_second_opener_is_refused_until_the_first_lets_go()
    {
        await using (var first = OpenAt(folder.Path))
        {
            var refused = Assert.Throws<JournalInUseException>(() => OpenAt(folder.Path));
            Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
            await first.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
        }
        await using var second = OpenAt(folder.Path);
        Assert.NotNull(await second.LoadAsync(Anna, default));
    }

    [Fact]
    public async Task A_full_disk_is_an_exception_and_the_journal_goes_on_when_there_is_room()
    {
        await using (var journal = new SqliteJournal(new SqliteJournalOptions(folder.Path) { SizeMax = 600_000 }))
        {
            await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1)));
            var large = new CommitBatch();
            large.Appends.Add(new Append(Anna, 1, 2, new byte[2_000_000]));
            large.TimersSet.Add(Timer(Anna, "offer", 1));
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.CommitAsync(large, default));

            Assert.Equal(1, (await journal.LoadAsync(Anna, default))!.Version);
            Assert.Empty(await journal.TimersAsync(Noon.AddDays(1), 10, default));
            await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 1, 2, "small")));
        }
        await using var roomy = OpenAt(folder.Path);
        await roomy.CommitAsync(b => b.Appends.Add(new Append(Anna, 2, 3, new byte[2_000_000])));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_an_exception_and_stays_as_it_is()
    {
        var file = Path.Combine(folder.Path, SqliteJournalOptions.FileName);
        await File.WriteAllTextAsync(file, new string('?', 5_000));
        Assert.Throws<JournalUnavailableException>(() => OpenAt(folder.Path));
        Assert.Equal(new string('?', 5_000), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Reads_beside_commits_never_see_half_of_one()
    {
        await using var journal = OpenAt(folder.Path);
        var writing = Task.Run(async () =>
        {
            for (var version = 0L; version < 300; version++)
            {
                await journal.CommitAsync(b =>
                {
                    b.Appends.Add(Append(Anna, version, version + 1));
                    if (version % 3 == 0) b.Snapshots.Add(new StoredSnapshot(Anna, version + 1, Bytes("state")));
                });
            }
        });
        var last = 0L;
        while (!writing.IsCompleted)
        {
            if (await journal.LoadAsync(Anna, default) is not { } stored) continue;
            Assert.True(stored.Version >= last);
            Assert.Equal(stored.Version - (stored.Snapshot?.Version ?? 0), stored.Tail.Count);
            last = stored.Version;
        }
        await writing;
        Assert.Equal(300, (await journal.LoadAsync(Anna, default))!.Version);
    }

    [Fact]
    public async Task Commits_that_wait_at_the_close_are_finished_and_later_ones_are_refused()
    {
        Task<CommitResult>[] waiting;
        var journal = new SqliteJournal(new SqliteJournalOptions(folder.Path) { BeforeSync = () => Thread.Sleep(2) });
        waiting = [.. Enumerable.Range(0, 20).Select(i =>
        {
            var batch = new CommitBatch();
            batch.Appends.Add(Append(Lead($"{i}"), 0, 1));
            return journal.CommitAsync(batch, default).AsTask();
        })];
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        Assert.All(await Task.WhenAll(waiting), result => Assert.IsType<CommitResult.Committed>(result));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.CommitAsync(new CommitBatch(), default));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.LoadAsync(Anna, default));
        await using var again = OpenAt(folder.Path);
        Assert.Equal(20, (await again.KeysAsync(Workspace, EntityKind.Lead, null, 100, default)).Count);
    }

    [Fact]
    public async Task Batches_are_written_while_one_syncs_and_the_next_sync_covers_them_all()
    {
        using var gate = new SemaphoreSlim(0);
        var syncs = 0;
        await using var journal = new SqliteJournal(new SqliteJournalOptions(folder.Path)
        {
            BeforeSync = () =>
            {
                Interlocked.Increment(ref syncs);
                gate.Wait();
            },
        });
        var first = await WriteAsync(journal, 0);
        await UntilAsync(() => Volatile.Read(ref syncs) == 1);
        var behind = new List<WrittenBatch>();
        for (var version = 1; version < 6; version++) behind.Add(await WriteAsync(journal, version));

        // What is not durable is written, but nobody is told: neither its writer nor a reader.
        var read = journal.LoadAsync(Anna, default).AsTask();
        Assert.Null(await journal.LoadAsync(Lead("nobody"), default));
        Assert.False(first.Durable.IsCompleted || read.IsCompleted || behind.Exists(b => b.Durable.IsCompleted));

        gate.Release();
        await first.Durable;
        await UntilAsync(() => Volatile.Read(ref syncs) == 2);
        Assert.False(read.IsCompleted || behind.Exists(b => b.Durable.IsCompleted));
        gate.Release();
        await Task.WhenAll(behind.Select(b => b.Durable));
        Assert.Equal(6, (await read)!.Version);
        Assert.Equal(2, syncs);
        gate.Release(10);
    }

    [Fact]
    public async Task A_sync_that_fails_fails_all_that_waits_for_it_and_the_log_is_written_again_before_anything_else()
    {
        var broken = false;
        var options = new SqliteJournalOptions(folder.Path) { BeforeSync = () => { if (Volatile.Read(ref broken)) throw new IOException("broken by a test."); } };
        var log = Path.Combine(folder.Path, SqliteJournalOptions.FileName + "-wal");
        await using (var journal = new SqliteJournal(options))
        {
            await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 0, 1, new string('x', 50_000))));
            Volatile.Write(ref broken, true);
            var unknown = new CommitBatch();
            unknown.Appends.Add(Append(Anna, 1, 2, new string('x', 50_000)));
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.CommitAsync(unknown, default));
            Volatile.Write(ref broken, false);

            // It was written, as it happens; what follows stands on it, so it has to become durable first.
            await UntilReadAsync(journal);
            Assert.Equal(0, new FileInfo(log).Length);
            await journal.CommitAsync(b => b.Appends.Add(Append(Anna, 2, 3, "small")));
            Assert.Equal(3, (await journal.LoadAsync(Anna, default))!.Version);
        }
        await using var again = OpenAt(folder.Path);
        Assert.Equal(3, (await again.LoadAsync(Anna, default))!.Version);
    }

    // A reader hears nothing while it is unknown what survives, and no writer is needed to find out.
    private static async Task UntilReadAsync(SqliteJournal journal)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                Assert.Equal(2, (await journal.LoadAsync(Anna, patience.Token))!.Version);
                return;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(1, patience.Token);
            }
        }
    }

    private static async Task<WrittenBatch> WriteAsync(SqliteJournal journal, long version)
    {
        var batch = new CommitBatch();
        batch.Appends.Add(Append(Anna, version, version + 1));
        return await journal.WriteAsync(batch, default);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!reached()) await Task.Delay(1, patience.Token);
    }

    private static SqliteJournal OpenAt(string path) => new(new SqliteJournalOptions(path));

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
