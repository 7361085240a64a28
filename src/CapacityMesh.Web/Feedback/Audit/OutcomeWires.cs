using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Outcomes;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>Does the platform hear what became of its leads?</summary>
internal sealed class OutcomeWires(IMesh mesh, ConnectorBook book, IEnumerable<IOutcomeUploader> uploaders) : IWireCheck
{
    // To say that there are some, and why, more need not be read.
    private const int LettersMax = 500;
    private const int WaitingMax = 20;
    private readonly Dictionary<Platform, IOutcomeUploader> byPlatform = uploaders.ToDictionary(u => u.Platform);

    public async ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        if (scope.Platform is not { } platform || !byPlatform.TryGetValue(platform, out var uploader)) return [];
        ConnectorRecord[] telling = [.. scope.Connectors.Where(c => c.Outcomes.Count > 0)];
        if (telling.Length == 0) return [Wire("outcomes", false, $"No connector of {scope.Channel} has outcomes: its optimiser learns who fills forms, not who becomes a customer.")];
        var wires = new List<ChannelWire>();
        foreach (var record in telling)
        {
            var name = ChannelScope.ShortOf(record.Id);
            wires.Add(Wire("outcomes", true, $"The connector {name} tells {record.Outcomes.Count} steps."));
            if (record.Campaigns.Count == 0) wires.Add(Wire("outcomes.campaigns", false, $"The connector {name} maps no campaign: it tells only of leads whose campaign begins with {record.Platform}: or that carry a click id of the platform."));
            if (await book.FindAsync(record.Id, cancel) is { } connector) wires.AddRange(SettingWires.Of(connector, "outcomes", uploader.Missing(connector)));
            if (await DeadAsync(scope.Workspace, record.Id, cancel) is { } dead) wires.Add(dead);
            if (await WaitingAsync(scope.Workspace, record.Id, cancel) is { } waiting) wires.Add(waiting);
        }
        return wires;
    }

    private async ValueTask<ChannelWire?> DeadAsync(string workspace, string connector, CancellationToken cancel)
    {
        var rows = await mesh.Journal.Rows.ListAsync(workspace, RowTables.OutcomesDead, connector, null, LettersMax, cancel);
        if (rows.Count == 0) return null;
        var last = rows.Select(r => Documents.Read<OutcomeDead>(r)).MaxBy(d => d.At)!;
        return Wire("outcomes.deadLetters", false, $"{(rows.Count < LettersMax ? $"{rows.Count}" : $"{LettersMax} or more")} outcomes were refused or given up, the last of these by {last.Reason}: GET /v1/connectors/ID/outcomes?state=dead, mend it and resend.");
    }

    private async ValueTask<ChannelWire?> WaitingAsync(string workspace, string connector, CancellationToken cancel)
    {
        foreach (var row in await mesh.Journal.Rows.ListAsync(workspace, RowTables.OutcomesDue, connector, null, WaitingMax, cancel))
        {
            // The oldest lead's: the others wait for the same.
            if (await mesh.Journal.Rows.ReadAsync<OutcomeRecord>(row.Key with { Table = RowTables.Outcomes }, cancel) is not { State: OutcomeState.Pending, Attempts: > 0 } record) continue;
            return Wire("outcomes.error", false, $"Outcomes wait, after {record.Attempts} attempts: {record.Reason}.");
        }
        return null;
    }

    private static ChannelWire Wire(string code, bool isWired, string text) => new(Layer.Feedback, code, isWired, text);
}
