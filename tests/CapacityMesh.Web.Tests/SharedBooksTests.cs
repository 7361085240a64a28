using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Testing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CapacityMesh.Web.Tests;

// Goal: what several members keep in memory of the same rows stays right while they read it: no webhook is forgotten meanwhile, one that another member
// described is found, and all have one secret. Method: members' books over one journal whose readers are held in the middle of a read.
public sealed class SharedBooksTests : IAsyncLifetime
{
    private const string Workspace = "acme";
    private StagedRows rows = null!;
    private LocalMesh mesh = null!;

    public async Task InitializeAsync() => (mesh, rows) = await StartAsync();

    public async Task DisposeAsync() => await mesh.DisposeAsync();

    [Fact]
    public async Task While_webhooks_are_read_again_every_fact_finds_them()
    {
        using var secrets = new WorkspaceSecrets(mesh);
        using var book = Book(secrets);
        using var there = Book(secrets);
        await OpenAsync();
        await book.PutAsync(Workspace, Hook(), "secret", default);
        await book.RefreshAsync(default);
        await there.PutAsync(Workspace, Hook() with { ChangedAt = mesh.Now.AddSeconds(1) }, null, default);

        var reading = rows.HoldReadersOf(RowTables.Webhooks);
        var refresh = book.RefreshAsync(default);
        await reading.ArrivedAsync();
        Assert.Equal("hook", Assert.Single(book.Of(Workspace)).Id);
        Assert.Equal([Workspace], book.Workspaces);
        reading.Release();
        Assert.True(await refresh);
        Assert.Equal("hook", Assert.Single(book.Of(Workspace)).Id);
    }

    [Fact]
    public async Task Where_nobody_changed_any_webhook_no_workspace_is_looked_through()
    {
        using var secrets = new WorkspaceSecrets(mesh);
        using var book = Book(secrets);
        await OpenAsync();
        await book.PutAsync(Workspace, Hook(), "secret", default);
        await book.RefreshAsync(default);
        var reading = rows.HoldReadersOf(RowTables.Webhooks);
        Assert.False(await book.RefreshAsync(default).WaitAsync(TimeSpan.FromSeconds(10)));
        reading.Release();
    }

    [Fact]
    public async Task What_another_member_described_is_news_once_be_its_workspace_known_or_new()
    {
        using var secrets = new WorkspaceSecrets(mesh);
        using var here = Book(secrets);
        using var there = Book(secrets);
        await here.LoadAsync(default);
        await OpenAsync();
        await there.PutAsync(Workspace, Hook(), "secret", default);

        Assert.True(await here.RefreshAsync(default));
        Assert.False(await here.RefreshAsync(default));
        await there.PutAsync(Workspace, Hook() with { ChangedAt = mesh.Now.AddSeconds(1) }, null, default);
        Assert.True(await here.RefreshAsync(default));
        await there.RemoveAsync(Workspace, "hook", default);
        Assert.True(await here.RefreshAsync(default));
        Assert.Empty(here.Of(Workspace));
    }

    [Fact]
    public async Task Members_that_start_at_one_instant_have_one_secret()
    {
        WorkspaceSecrets[] members = [.. Enumerable.Range(0, 3).Select(_ => new WorkspaceSecrets(mesh))];
        // All have read, and none has found one.
        var reading = rows.HoldReadersOf(RowTables.Secrets);
        var asked = members.Select(m => Task.Run(async () => await m.OfAsync(Workspace, default))).ToArray();
        await reading.ArrivedAsync(members.Length);
        reading.Release();
        var secrets = await Task.WhenAll(asked);
        Assert.Single(secrets.Select(Convert.ToHexString).Distinct());
        foreach (var member in members) member.Dispose();
    }

    private static async Task<(LocalMesh, StagedRows)> StartAsync()
    {
        var journal = new StagedJournal(new MemoryJournal());
        var mesh = new LocalMesh(journal, new MeshClock(TimeProvider.System), new LocalMeshOptions(), NullLogger<LocalMesh>.Instance);
        await mesh.StartAsync(CancellationToken.None);
        return (mesh, journal.Staged);
    }

    private WebhookBook Book(WorkspaceSecrets secrets) => new(mesh, new Workspaces(mesh), new SecretBox(secrets));

    private ValueTask OpenAsync() => new Workspaces(mesh).AddAsync(new WorkspaceRecord(Workspace, "Acme", null, mesh.Now), default);

    private WebhookRecord Hook() => new("hook", "https://example.com/hook", ["lead.*"], "", mesh.Now, mesh.Now);
}
