using System.Collections.Concurrent;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>Connectors that tell platforms of outcomes, by workspace, in memory: every commit asks for them.</summary>
internal sealed class OutcomeBook(ConnectorBook book)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ConnectorRecord>> byWorkspace = new(StringComparer.Ordinal);

    /// <summary>A workspace's.</summary>
    public IReadOnlyList<ConnectorRecord> Of(string workspace) => byWorkspace.GetValueOrDefault(workspace) ?? [];

    /// <summary>Workspaces that have any.</summary>
    public IReadOnlyList<string> Workspaces => [.. byWorkspace.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads them anew; the workspaces in which one is new or was described anew.</summary>
    public async Task<IReadOnlyList<string>> LoadAsync(CancellationToken cancel)
    {
        var found = new Dictionary<string, List<ConnectorRecord>>(StringComparer.Ordinal);
        await foreach (var (workspace, record) in book.AllAsync(cancel))
        {
            if (record.Outcomes.Count == 0) continue;
            if (!found.TryGetValue(workspace, out var own)) found[workspace] = own = [];
            own.Add(record);
        }
        var fresh = found.Where(f => f.Value.Any(r => !Of(f.Key).Any(k => k.Id == r.Id && k.ChangedAt == r.ChangedAt))).Select(f => f.Key).ToArray();
        foreach (var (workspace, own) in found) byWorkspace[workspace] = own;
        foreach (var gone in byWorkspace.Keys.Where(w => !found.ContainsKey(w)).ToArray()) byWorkspace.TryRemove(gone, out _);
        return fresh;
    }

    /// <summary>Whether anybody in a workspace wants to hear of a step.</summary>
    public bool Wants(string workspace, string step)
    {
        foreach (var one in Of(workspace))
        {
            if (one.Outcomes.ContainsKey(step)) return true;
        }
        return false;
    }
}
