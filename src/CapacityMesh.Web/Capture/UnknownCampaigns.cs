using System.Collections.Concurrent;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture;

/// <summary>Names of campaigns that leads came under and that nobody described: the audit shows them.</summary>
internal sealed record UnknownCampaignList(IReadOnlyList<UnknownCampaign> Items);

/// <summary>One of them.</summary>
internal sealed record UnknownCampaign(string Name, DateTimeOffset FirstSeen);

/// <summary>Remembers them, the first hundred of each workspace.</summary>
internal sealed class UnknownCampaigns(IMesh mesh) : IDisposable
{
    /// <summary>Kind and id of the document.</summary>
    public const string Kind = "audit";
    public const string Id = "unknownCampaigns";

    private const int NamesMax = 100;
    private const int SeenMax = 10_000;
    private readonly ConcurrentDictionary<(string, string), bool> seen = new();
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Notes a name; what was noted before costs nothing.</summary>
    public async ValueTask NoteAsync(string workspace, string name, CancellationToken cancel)
    {
        // Names that programs make up must not write a row each: once full, it stays as it is.
        if (seen.Count >= SeenMax || !seen.TryAdd((workspace, name), true)) return;
        await turn.WaitAsync(cancel);
        try
        {
            var key = Documents.Key(workspace, Kind, Id);
            var list = (await mesh.Journal.Rows.ReadAsync<UnknownCampaignList>(key, cancel))?.Items ?? [];
            if (list.Count >= NamesMax || list.Any(c => c.Name == name)) return;
            await mesh.Journal.Rows.ApplyAsync([Documents.Row(key, new UnknownCampaignList([.. list, new UnknownCampaign(name, mesh.Now)]))], cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
