using System.Globalization;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;
using Microsoft.Data.Sqlite;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

// Goal: the file and its log stay whole and of their size while commits, reads and the move of the log go on side by side, and files of earlier releases open.
// Method: real files in a temporary folder.
public sealed class SqliteFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_library_lets_one_connection_write_while_another_moves_the_log()
    {
        // https://www.sqlite.org/wal.html#walresetbug
        using var connection = new SqliteConnection("Data Source=:memory:");
        Assert.True(Version.Parse(connection.ServerVersion) >= new Version(3, 51, 3), connection.ServerVersion);
    }

    [Fact]
    public async Task The_log_stays_short_while_commits_and_reads_go_on()
    {
        const int commits = 500;
        const int size = 120_000;
        var log = JournalFile.PathIn(folder) + "-wal";
        await using (var journal = new SqliteJournal(new SqliteJournalOptions(folder.Path)))
        {
            using var enough = new CancellationTokenSource();
            var reading = Task.Run(async () =>
            {
                for (var last = -1; !enough.IsCancellationRequested; await Task.Yield())
                {
                    var now = await journal.Rows.GetAsync(Put("newest", "version", "").Key, default) is { } found ? int.Parse(Text(found), CultureInfo.InvariantCulture) : -1;
                    Assert.True(now >= last, "a reader went back");
                    last = now;
                }
            });
            for (var version = 0; version < commits; version++)
            {
                await journal.CommitAsync(b =>
                {
                    b.Appends.Add(Append(Anna, version, version + 1, new string((char)('a' + (version % 26)), size)));
                    b.Rows.Add(Put("newest", "version", version.ToString(CultureInfo.InvariantCulture)));
                });
            }
            await enough.CancelAsync();
            await reading;
            // 16 MiB are in it before it is moved, and some more come while it is; all that was written is 60 MB.
            Assert.True(new FileInfo(log).Length < commits * size / 2, $"the log has {new FileInfo(log).Length} bytes");
        }
        Assert.Equal("ok", JournalFile.Execute(folder, "PRAGMA integrity_check"));
        await using var again = new SqliteJournal(new SqliteJournalOptions(folder.Path));
        var turns = await again.HistoryAsync(Anna, 0, JournalLimits.PageMax, default);
        Assert.Equal(Enumerable.Range(1, commits).Select(v => (long)v), turns.Select(t => t.Version));
        Assert.All(turns, t => Assert.Equal(new string((char)('a' + ((t.Version - 1) % 26)), size), Text(t.Turns)));
    }

    [Fact]
    public async Task Claims_of_the_first_schema_are_kept()
    {
        await using (var script = typeof(SqliteJournal).Assembly.GetManifestResourceStream("CapacityMesh.Runtime.Journal.Sqlite.Schema.001_journal.sql")!)
        {
            JournalFile.Execute(folder, await new StreamReader(script).ReadToEndAsync());
        }
        JournalFile.Execute(folder, "INSERT INTO identities VALUES ('acme', 'mail', 'anna'), ('acme', 'phone', 'anna'), ('other', 'mail', 'bert'); PRAGMA user_version = 1");

        await using (var journal = new SqliteJournal(new SqliteJournalOptions(folder.Path)))
        {
            Assert.Equal("anna", await journal.IdentityAsync(Workspace, "mail", default));
            Assert.Equal("bert", await journal.IdentityAsync("other", "mail", default));
            Assert.Null(await journal.IdentityAsync("other", "phone", default));
            Assert.Equal([Claim("mail", "bert")], (await journal.ConflictAsync(b => b.Claims.AddRange([Claim("mail", "bert"), Claim("new", "bert")]))).Claims);
            Assert.Null(await journal.IdentityAsync(Workspace, "new", default));
            await journal.CommitAsync(b => b.ClaimsDropped.Add((Workspace, "anna")));
            await journal.CommitAsync(b => b.Claims.AddRange([Claim("mail", "bert"), Claim("new", "bert")]));
        }
        // And what was claimed since is found after the next start.
        await using var again = new SqliteJournal(new SqliteJournalOptions(folder.Path));
        Assert.Equal("bert", await again.IdentityAsync(Workspace, "mail", default));
        Assert.Equal("bert", await again.IdentityAsync(Workspace, "new", default));
        Assert.Null(await again.IdentityAsync(Workspace, "phone", default));
        Assert.Equal([Claim("new", "carl")], (await again.ConflictAsync(b => b.Claims.Add(Claim("new", "carl")))).Claims);
    }
}
