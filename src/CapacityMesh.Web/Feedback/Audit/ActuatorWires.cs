using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>Does the platform follow the spend signals, and what stands in the way?</summary>
internal sealed class ActuatorWires(IMesh mesh, ConnectorBook book, IEnumerable<IActuator> actuators, WebOptions options) : IWireCheck
{
    // A connector maps at most so many campaigns.
    private const int CampaignsMax = 1_000;
    private readonly Dictionary<Platform, IActuator> byPlatform = actuators.ToDictionary(a => a.Platform);

    public async ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        if (scope.Platform is not { } platform || !byPlatform.TryGetValue(platform, out var actuator)) return [];
        ConnectorRecord[] active = [.. scope.Connectors.Where(c => c.Actuate is not ActuateMode.Off)];
        if (active.Length == 0) return [Absent(scope)];
        var wires = new List<ChannelWire>();
        foreach (var record in active)
        {
            wires.Add(record.Actuate is ActuateMode.Apply
                ? Wire("actuator", true, $"The connector {ChannelScope.ShortOf(record.Id)} applies spend signals.")
                : Wire("actuator.dryRun", false, $"The connector {ChannelScope.ShortOf(record.Id)} plans and changes nothing: look at GET /v1/actuators, then set actuate to apply."));
            if (await book.FindAsync(record.Id, cancel) is { } connector) wires.AddRange(SettingWires.Of(connector, "actuator", actuator.Missing(connector)));
            wires.AddRange(await StateAsync(scope.Workspace, record, cancel));
        }
        string[] steered = [.. active.SelectMany(c => c.Steered).Select(c => c.Value)];
        if (ChannelScope.FirstOf([.. scope.Campaigns.Select(c => c.Key).Where(c => !steered.Contains(c))]) is { } left)
        {
            wires.Add(Wire("actuator.campaigns", false, $"No connector that steers maps an id of the platform to: {left}."));
        }
        return wires;
    }

    private ChannelWire Absent(ChannelScope scope)
    {
        if (scope.Campaigns.Count > 0 && scope.Campaigns.All(c => scope.IsFollowed(c.Value, options))) return Wire("actuator", true, "No connector steers, and somebody else acknowledges every signal.");
        return Wire("actuator", false, scope.Connectors.Count == 0
            ? $"No connector steers spend: POST /v1/connectors with the platform {scope.Channel} and actuate dryRun, or let a script poll /v1/spend and acknowledge."
            : "Every connector has actuate off, so that spend signals do not reach the platform: set it to dryRun, look, then to apply.");
    }

    private async ValueTask<IReadOnlyList<ChannelWire>> StateAsync(string workspace, ConnectorRecord connector, CancellationToken cancel)
    {
        var name = ChannelScope.ShortOf(connector.Id);
        var mapped = connector.Steered.ToDictionary(StringComparer.Ordinal);
        if (mapped.Count == 0) return [Wire("actuator.campaigns", false, $"The connector {name} maps no campaign of the platform, so that it steers none.")];
        var rows = await mesh.Journal.Rows.ListAsync(workspace, RowTables.Actuations, connector.Id, null, CampaignsMax, cancel);
        // Of campaigns that are mapped no more the rows stay, since what we did there stays too.
        (string Id, ActuationRecord Record)[] known = [.. rows.Where(r => mapped.ContainsKey(r.Key.Item)).Select(r => (r.Key.Item, Documents.Read<ActuationRecord>(r)))];
        return
        [
            .. Each("actuator.error", r => r.LastError is { } e ? $"{e.What}: {e.Fault}" : null, "The last attempt failed"),
            .. Each("actuator.drift", r => r.Memory.Drift is { } d ? $"{d.What} is {d.Found}, not {d.Expected}" : null, "Somebody changed there what we had set, and it holds until the next signal"),
            .. Each("actuator.humanPause", r => r.ReadBack is { IsPaused: true } && r.Memory.Pause is null ? r.ReadBack.Status : null, "A person paused it there, and only a person resumes it"),
        ];

        IEnumerable<ChannelWire> Each(string code, Func<ActuationRecord, string?> says, string meaning)
        {
            string[] found = [.. known.Select(k => (k.Id, Word: says(k.Record))).Where(k => k.Word is not null).Select(k => $"{mapped[k.Id]} ({k.Word})")];
            if (ChannelScope.FirstOf(found) is { } named) yield return Wire(code, false, $"{meaning}, by the connector {name}: {named}.");
        }
    }

    private static ChannelWire Wire(string code, bool isWired, string text) => new(Layer.Feedback, code, isWired, text);
}
