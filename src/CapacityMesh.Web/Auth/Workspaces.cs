using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Auth;

/// <summary>A workspace.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="PhoneCountry">Country code of phone numbers that come without one, digits only; null leaves them national.</param>
/// <param name="CreatedAt">Since when.</param>
internal sealed record WorkspaceRecord(string Id, string? Name, string? PhoneCountry, DateTimeOffset CreatedAt);

/// <summary>The workspaces of this deployment.</summary>
internal sealed class Workspaces(IMesh mesh)
{
    private readonly ConcurrentDictionary<string, WorkspaceRecord> known = new(StringComparer.Ordinal);

    /// <summary>One of them, or null.</summary>
    public async ValueTask<WorkspaceRecord?> FindAsync(string id, CancellationToken cancel)
    {
        if (known.TryGetValue(id, out var record)) return record;
        var found = await mesh.Journal.Rows.ReadAsync<WorkspaceRecord>(RowOf(id), cancel);
        return found is null ? null : known[id] = found;
    }

    /// <summary>Adds one.</summary>
    public ValueTask AddAsync(WorkspaceRecord record, CancellationToken cancel) => mesh.Journal.Rows.ApplyAsync([Documents.Row(RowOf(record.Id), record)], cancel);

    /// <summary>Whether there is any.</summary>
    public async ValueTask<bool> AnyAsync(CancellationToken cancel) =>
        (await mesh.Journal.Rows.ListAsync(KeyRing.Directory, RowTables.Workspaces, null, null, 1, cancel)).Count > 0;

    /// <summary>A page of them, by id.</summary>
    public ValueTask<IReadOnlyList<(string Key, WorkspaceRecord Value)>> ListAsync(string? after, int limit, CancellationToken cancel) =>
        mesh.Journal.Rows.ListAsync<WorkspaceRecord>(KeyRing.Directory, RowTables.Workspaces, "", after, limit, cancel);

    private static RowKey RowOf(string id) => new(KeyRing.Directory, RowTables.Workspaces, id);
}
