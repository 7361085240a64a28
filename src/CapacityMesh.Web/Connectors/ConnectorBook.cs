using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Connectors;

/// <summary>The connectors of all workspaces. A change may take <see cref="KeptFor"/> to reach other machines.</summary>
internal sealed class ConnectorBook(IMesh mesh, SecretBox box) : IDisposable
{
    private const string OwnersTable = "connectorOwners";
    private const int CacheMax = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, (Connector Connector, long Since)> opened = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>A connector of a workspace was described or removed here; those of other machines are found by <see cref="AllAsync"/>.</summary>
    public event Action<string, string>? Changed;

    /// <summary>Every connector there is, as stored.</summary>
    public async IAsyncEnumerable<(string Workspace, ConnectorRecord Record)> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        const int pageMax = 500;
        string? after = null;
        while (true)
        {
            var page = await mesh.Journal.Rows.ListAsync<ConnectorOwner>(KeyRing.Directory, OwnersTable, "", after, pageMax, cancel);
            foreach (var (id, owner) in page)
            {
                if (await ReadAsync(owner.Workspace, id, cancel) is { } record) yield return (owner.Workspace, record);
            }
            if (page.Count < pageMax) yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>Keeps a secret that the platform gave us anew, such as a refresh token that it rotates.</summary>
    public async ValueTask KeepSecretAsync(Connector connector, string name, string secret, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (await ReadAsync(connector.Workspace, connector.Id, cancel) is not { } record) return;
            var secrets = record.Secrets.ToDictionary(StringComparer.Ordinal);
            secrets[name] = await box.SealAsync(connector.Workspace, PlaceOf(connector.Id, name), secret, cancel);
            await mesh.Journal.Rows.ApplyAsync([Documents.Row(new RowKey(connector.Workspace, RowTables.Connectors, connector.Id), record with { Secrets = secrets })], cancel);
            opened.TryRemove(connector.Id, out _);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The connector of an id, whosever it is; null when there is none.</summary>
    public async ValueTask<Connector?> FindAsync(string id, CancellationToken cancel)
    {
        if (opened.TryGetValue(id, out var kept) && TimeProvider.System.GetElapsedTime(kept.Since) < KeptFor) return kept.Connector;
        var owner = await mesh.Journal.Rows.ReadAsync<ConnectorOwner>(OwnerKey(id), cancel);
        if (owner is null || await ReadAsync(owner.Workspace, id, cancel) is not { } record) return null;
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in record.Secrets) secrets[name] = await box.OpenAsync(owner.Workspace, PlaceOf(id, name), text, cancel);
        var connector = new Connector(owner.Workspace, record, secrets);
        if (opened.Count >= CacheMax) opened.Clear();
        opened[id] = (connector, TimeProvider.System.GetTimestamp());
        return connector;
    }

    /// <summary>One of a workspace's connectors, as stored.</summary>
    public ValueTask<ConnectorRecord?> ReadAsync(string workspace, string id, CancellationToken cancel) =>
        mesh.Journal.Rows.ReadAsync<ConnectorRecord>(new RowKey(workspace, RowTables.Connectors, id), cancel);

    /// <summary>A page of a workspace's connectors, by id.</summary>
    public ValueTask<IReadOnlyList<(string Key, ConnectorRecord Value)>> ListAsync(string workspace, string? after, int limit, CancellationToken cancel) =>
        mesh.Journal.Rows.ListAsync<ConnectorRecord>(workspace, RowTables.Connectors, "", after, limit, cancel);

    /// <summary>Describes a connector.</summary>
    /// <exception cref="ProblemException">The id belongs to somebody else.</exception>
    public async ValueTask<ConnectorRecord> PutAsync(string workspace, string id, ConnectorBody body, CancellationToken cancel)
    {
        // One at a time: two workspaces must not both find an id free.
        await turn.WaitAsync(cancel);
        try
        {
            var rows = mesh.Journal.Rows;
            if (await rows.ReadAsync<ConnectorOwner>(OwnerKey(id), cancel) is { } owner && owner.Workspace != workspace)
            {
                throw new ProblemException(Problem.Conflict("connectorIdTaken", "This id cannot be used; let POST /v1/connectors make one."));
            }
            var before = await ReadAsync(workspace, id, cancel);
            var secrets = before?.Platform == body.Platform ? before!.Secrets.ToDictionary(StringComparer.Ordinal) : [];
            foreach (var (name, secret) in body.Secrets ?? [])
            {
                if (secret is null) secrets.Remove(name);
                else secrets[name] = await box.SealAsync(workspace, PlaceOf(id, name), secret, cancel);
            }
            var record = new ConnectorRecord(
                id, body.Platform!, secrets, body.MapAsText(), body.ApiBaseUrl, body.Campaigns ?? [], before?.CreatedAt ?? mesh.Now, mesh.Now)
            {
                Actuate = body.Actuate ?? ActuateMode.Off,
                Outcomes = body.Outcomes ?? [],
            };
            var row = Documents.Row(new RowKey(workspace, RowTables.Connectors, id), record);
            if (row.Value!.Value.Length > IRowStore.ValueBytesMax) throw new ProblemException(Problem.TooLarge(IRowStore.ValueBytesMax));
            await rows.ApplyAsync([row, Documents.Row(OwnerKey(id), new ConnectorOwner(workspace))], cancel);
            opened.TryRemove(id, out _);
            Changed?.Invoke(workspace, id);
            return record;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes a connector; false when there is none of that id.</summary>
    public async ValueTask<bool> RemoveAsync(string workspace, string id, CancellationToken cancel)
    {
        if (await ReadAsync(workspace, id, cancel) is null) return false;
        await mesh.Journal.Rows.ApplyAsync([new RowChange(new RowKey(workspace, RowTables.Connectors, id), null), new RowChange(OwnerKey(id), null)], cancel);
        opened.TryRemove(id, out _);
        Changed?.Invoke(workspace, id);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private static RowKey OwnerKey(string id) => new(KeyRing.Directory, OwnersTable, id);

    private static string PlaceOf(string id, string name) => $"connector/{id}/{name}";
}
