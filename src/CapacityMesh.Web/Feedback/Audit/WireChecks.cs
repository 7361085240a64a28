using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>Do leads come in?</summary>
internal sealed class CaptureWires : IWireCheck
{
    // What each platform's way in cannot do without.
    private static readonly Dictionary<Platform, string[]> Secrets = new()
    {
        [Platform.Google] = ["key"], [Platform.Meta] = ["appSecret", "verifyToken", "accessToken"], [Platform.LinkedIn] = ["clientSecret", "accessToken"], [Platform.TikTok] = ["clientSecret"], [Platform.Form] = [],
    };

    public ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        var wires = new List<ChannelWire>();
        // Microsoft has no webhook for leads, and a channel of one's own posts to /v1/leads.
        if (scope.Platform is { } platform && Secrets.TryGetValue(platform, out var needed)) AddConnectors(scope, needed, wires);
        var captured = scope.Campaigns.Sum(c => c.Value.CountOf(Outcome.Captured));
        wires.Add(captured > 0
            ? new ChannelWire(Layer.Capture, "leads", true, $"{captured} leads came.")
            : new ChannelWire(Layer.Capture, "leads", false, "No lead has come yet: send a test lead from the platform, or post one to /v1/leads."));
        return ValueTask.FromResult<IReadOnlyList<ChannelWire>>(wires);
    }

    private static void AddConnectors(ChannelScope scope, string[] needed, List<ChannelWire> wires)
    {
        wires.Add(scope.Connectors.Count > 0
            ? new ChannelWire(Layer.Capture, "connector", true, $"{scope.Connectors.Count} connectors.")
            : new ChannelWire(Layer.Capture, "connector", false, $"There is no connector: POST /v1/connectors with the platform {scope.Channel}."));
        foreach (var connector in scope.Connectors)
        {
            var name = ChannelScope.ShortOf(connector.Id);
            foreach (var secret in needed)
            {
                var isSet = connector.Secrets.ContainsKey(secret);
                wires.Add(new ChannelWire(Layer.Capture, $"secret.{secret}", isSet, isSet ? $"The connector {name} has its {secret}." : $"The connector {name} has no {secret}: what the platform sends is refused, or cannot be fetched."));
            }
            var isMapped = connector.Campaigns.Count > 0;
            wires.Add(new ChannelWire(Layer.Capture, "campaignMap", isMapped, isMapped
                ? $"The connector {name} maps {connector.Campaigns.Count} of the platform's ids to campaigns."
                : $"The connector {name} maps no campaign: its leads land as {connector.Platform}:ID until a campaign of that name is described, or the id is mapped."));
        }
    }
}

/// <summary>Is it known who is let in, and what a campaign is worth?</summary>
internal sealed class RoutingWires : IWireCheck
{
    public ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        var wires = new List<ChannelWire>();
        var isPublished = scope.Flow is { Process.Version: > 0 };
        wires.Add(new ChannelWire(Layer.Routing, "process", isPublished, isPublished ? "A process is published." : "No process is published: every lead waits. PUT /v1/process."));
        if (isPublished)
        {
            string[] empty = [.. scope.Flow!.Headroom.Where(h => h.Capacity <= 0).Select(h => h.Pool)];
            wires.Add(new ChannelWire(Layer.Routing, "capacity", empty.Length == 0, empty.Length == 0 ? "Every pool has capacity ahead." : $"No capacity lies ahead in {string.Join(", ", empty)}: add people or slots."));
        }
        wires.Add(scope.Campaigns.Count > 0
            ? new ChannelWire(Layer.Routing, "campaigns", true, $"{scope.Campaigns.Count} campaigns are described.")
            : new ChannelWire(Layer.Routing, "campaigns", false, $"No campaign of the channel {scope.Channel} is described: its leads are unattributed. PUT /v1/campaigns/ID."));
        if (scope.Campaigns.Count == 0) return ValueTask.FromResult<IReadOnlyList<ChannelWire>>(wires);
        var worthless = scope.Named(c => c.Profile.ValuePerWin is null);
        wires.Add(new ChannelWire(Layer.Routing, "value", worthless is null, worthless is null ? "Every campaign says what a win is worth." : $"Without valuePerWin, so that the plan cannot tell better from worse: {worthless}."));
        return ValueTask.FromResult<IReadOnlyList<ChannelWire>>(wires);
    }
}

/// <summary>Is it known what is promised, and what is done?</summary>
internal sealed class ExecutionWires : IWireCheck
{
    public ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        var wires = new List<ChannelWire>();
        if (scope.Flow?.Process is { Version: > 0, Stages: [var first, ..] } process && process.KindOf(first.Pool) is PoolKind.People)
        {
            wires.Add(new ChannelWire(Layer.Execution, "firstResponse", first.FirstResponse is not null, first.FirstResponse is not null ? "The first stage promises a first response." : $"The stage {first.Id} promises no first response."));
            wires.Add(new ChannelWire(Layer.Execution, "followUp", first.FollowUp is not null, first.FollowUp is not null ? "The first stage follows people up." : $"The stage {first.Id} follows nobody up."));
        }
        if (scope.Campaigns.Count > 0)
        {
            var silent = scope.Named(c => c.Profile.PromiseId is null);
            wires.Add(new ChannelWire(Layer.Execution, "messagePromise", silent is null, silent is null ? "Every campaign says what it promised." : $"Without a message promise, so that nobody knows what people were told: {silent}."));
        }
        return ValueTask.FromResult<IReadOnlyList<ChannelWire>>(wires);
    }
}

/// <summary>Does somebody act on the spend signal, and does the money come back?</summary>
internal sealed class FeedbackWires(WebOptions options) : IWireCheck
{
    private static readonly TimeSpan CostsAgeMax = TimeSpan.FromDays(3);

    public ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel)
    {
        if (scope.Campaigns.Count == 0) return ValueTask.FromResult<IReadOnlyList<ChannelWire>>([]);
        var isTold = scope.Webhooks.Any(w => w.Wants("spend.changed"));
        var deaf = scope.Named(c => !scope.IsFollowed(c, options));
        var signal = deaf is null ? new ChannelWire(Layer.Feedback, "spendSignal", true, "Every campaign's signal was acknowledged lately.")
            : new ChannelWire(Layer.Feedback, "spendSignal", false, $"{(isTold ? "A webhook is told of signals, but nobody acknowledged" : "Nobody is told of signals, and nobody acknowledged")} them lately for: {deaf}.");
        var oldest = DateOnly.FromDateTime((scope.Now - CostsAgeMax).UtcDateTime);
        var costless = scope.Named(c => c.Costs.IsEmpty || c.Costs.Max(d => d.Day) < oldest);
        var costs = costless is null ? new ChannelWire(Layer.Feedback, "costs", true, "Costs of the last days are known.")
            : new ChannelWire(Layer.Feedback, "costs", false, $"No cost of the last three days, so that reports cannot tell what a deal cost: {costless}. POST /v1/campaigns/ID/costs.");
        return ValueTask.FromResult<IReadOnlyList<ChannelWire>>([signal, costs]);
    }
}
