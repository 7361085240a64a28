using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>The webhooks of all workspaces. All of them stay in memory: every commit asks who wants to know.</summary>
internal sealed class WebhookBook(IMesh mesh, Workspaces workspaces, SecretBox box) : IDisposable
{
    /// <summary>Webhooks of one workspace: each message is kept once for each.</summary>
    public const int WebhooksMax = 50;

    private const int PageMax = 500;
    // Written with every change, by whichever member: another one learns by one read that it need not look through all workspaces.
    private static readonly RowKey Mark = Documents.Key(KeyRing.Directory, "webhooks", "mark");
    private readonly ConcurrentDictionary<string, IReadOnlyList<WebhookRecord>> all = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);
    private string? markRead;

    /// <summary>A workspace's webhooks, by id.</summary>
    public IReadOnlyList<WebhookRecord> Of(string workspace) => all.TryGetValue(workspace, out var own) ? own : [];

    /// <summary>One of them, or null.</summary>
    public WebhookRecord? Find(string workspace, string id) => Of(workspace).FirstOrDefault(w => w.Id == id);

    /// <summary>Workspaces that have any.</summary>
    public IEnumerable<string> Workspaces => all.Where(w => w.Value.Count > 0).Select(w => w.Key);

    /// <summary>The key that a webhook's messages are signed with.</summary>
    public async ValueTask<byte[]> KeyAsync(string workspace, WebhookRecord webhook, CancellationToken cancel) =>
        WebhookSignature.KeyOf(await box.OpenAsync(workspace, PlaceOf(webhook.Id), webhook.Secret, cancel)) ?? throw new InvalidOperationException("A stored secret is a secret.");

    /// <summary>Reads what an earlier life has stored.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        await foreach (var workspace in AllAsync(cancel)) await LoadAsync(workspace, cancel);
    }

    /// <summary>Reads what an earlier life has stored for a workspace, unless it is known.</summary>
    public async Task LoadAsync(string workspace, CancellationToken cancel)
    {
        if (all.ContainsKey(workspace)) return;
        await turn.WaitAsync(cancel);
        try
        {
            await LoadUnderTurnAsync(workspace, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Reads all of them again, as other members have left them, unless nobody changed any; whether one is new or different.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancel)
    {
        // Before what it stands for: what changes meanwhile is looked at next time.
        var mark = await mesh.Journal.Rows.ReadAsync<string>(Mark, cancel) ?? "";
        if (mark == markRead) return false;
        var hasChanged = false;
        await foreach (var workspace in AllAsync(cancel))
        {
            await turn.WaitAsync(cancel);
            try
            {
                var before = Of(workspace);
                // In one step: a fact that finds no webhook is told to nobody.
                all[workspace] = await StoredAsync(workspace, cancel);
                hasChanged |= !before.Select(w => (w.Id, w.ChangedAt)).SequenceEqual(Of(workspace).Select(w => (w.Id, w.ChangedAt)));
            }
            finally
            {
                turn.Release();
            }
        }
        markRead = mark;
        return hasChanged;
    }

    /// <summary>Describes a webhook; false when the workspace has as many as it may.</summary>
    public async ValueTask<bool> PutAsync(string workspace, WebhookRecord webhook, string? secret, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await LoadUnderTurnAsync(workspace, cancel);
            if (Find(workspace, webhook.Id) is null && Of(workspace).Count >= WebhooksMax) return false;
            var record = secret is null ? webhook : webhook with { Secret = await box.SealAsync(workspace, PlaceOf(webhook.Id), secret, cancel) };
            var changes = new List<RowChange> { Documents.Row(RowOf(workspace, webhook.Id), record), Marked() };
            // Where following begins: before it, nothing was asked for.
            if (Of(workspace).Count == 0) changes.Add(Documents.Row(PositionKey(workspace), await NowAsync(workspace, cancel)));
            await mesh.Journal.Rows.ApplyAsync(changes, cancel);
            all[workspace] = [.. Of(workspace).Where(w => w.Id != record.Id).Append(record).OrderBy(w => w.Id, StringComparer.Ordinal)];
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes a webhook and its deliveries; false when there is none of that id.</summary>
    public async ValueTask<bool> RemoveAsync(string workspace, string id, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (Find(workspace, id) is null) return false;
            all[workspace] = [.. Of(workspace).Where(w => w.Id != id)];
            await mesh.Journal.Rows.ApplyAsync([new RowChange(RowOf(workspace, id), null), new RowChange(new RowKey(workspace, RowTables.Deliveries, id), null), new RowChange(LagKey(workspace, id), null), Marked()], cancel);
            return true;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The row of a workspace's <see cref="FeedPosition"/>.</summary>
    public static RowKey PositionKey(string workspace) => Documents.Key(workspace, "webhooks", "position");

    /// <summary>The row of a webhook's own <see cref="FeedPosition"/>, while it has fallen behind: from there its facts are still owed.</summary>
    public static RowKey LagKey(string workspace, string webhook) => Documents.Key(workspace, "webhookLag", webhook);

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private async IAsyncEnumerable<string> AllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (true)
        {
            var page = await workspaces.ListAsync(after, PageMax, cancel);
            foreach (var (workspace, _) in page) yield return workspace;
            if (page.Count < PageMax) yield break;
            after = page[^1].Key;
        }
    }

    private async ValueTask LoadUnderTurnAsync(string workspace, CancellationToken cancel)
    {
        if (!all.ContainsKey(workspace)) all[workspace] = await StoredAsync(workspace, cancel);
    }

    private async ValueTask<IReadOnlyList<WebhookRecord>> StoredAsync(string workspace, CancellationToken cancel)
    {
        var stored = await mesh.Journal.Rows.ListAsync<WebhookRecord>(workspace, RowTables.Webhooks, "", null, WebhooksMax, cancel);
        return [.. stored.Select(w => w.Value)];
    }

    private async ValueTask<FeedPosition> NowAsync(string workspace, CancellationToken cancel) =>
        new(mesh.Now, (await mesh.ReadAsync<FlowState>(EntityId.Flow(workspace), cancel))?.Version ?? 0);

    private static RowChange Marked() => Documents.Row(Mark, Guid.NewGuid().ToString("N"));

    private static RowKey RowOf(string workspace, string id) => new(workspace, RowTables.Webhooks, id);

    private static string PlaceOf(string id) => $"webhook/{id}";
}
