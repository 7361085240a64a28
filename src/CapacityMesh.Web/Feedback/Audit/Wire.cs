using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Webhooks;

namespace CapacityMesh.Web.Feedback.Audit;

/// <summary>The four layers.</summary>
internal enum Layer
{
    /// <summary>Leads and signals in.</summary>
    Capture,
    /// <summary>Who is let in, and what campaigns may spend.</summary>
    Routing,
    /// <summary>What is promised and done.</summary>
    Execution,
    /// <summary>What comes back: signals, costs, outcomes.</summary>
    Feedback,
}

/// <summary>One connection that a channel needs.</summary>
/// <param name="Layer">Where it belongs.</param>
/// <param name="Code">Typed name.</param>
/// <param name="IsWired">Whether it is there.</param>
/// <param name="Text">One sentence: what is there, or what to do.</param>
internal sealed record ChannelWire(Layer Layer, string Code, bool IsWired, string Text);

/// <summary>All that is known of one channel when it is audited.</summary>
/// <param name="Workspace">Whose.</param>
/// <param name="Channel">Its name: a platform's, or any other word.</param>
/// <param name="Platform">The platform, if it is one.</param>
/// <param name="Campaigns">Its campaigns.</param>
/// <param name="Connectors">Connectors of its platform.</param>
/// <param name="Flow">The workspace's Flow; null when nothing was ever set up.</param>
/// <param name="Webhooks">The workspace's webhooks.</param>
/// <param name="Now">When.</param>
internal sealed record ChannelScope(
    string Workspace, string Channel, Platform? Platform, IReadOnlyList<KeyValuePair<string, CampaignState>> Campaigns, IReadOnlyList<ConnectorRecord> Connectors,
    FlowState? Flow, IReadOnlyList<WebhookRecord> Webhooks, DateTimeOffset Now)
{
    /// <summary>The first campaigns of which something holds, for a sentence; null when of none.</summary>
    public string? Named(Func<CampaignState, bool> holds) => FirstOf([.. Campaigns.Where(c => holds(c.Value)).Select(c => c.Key)]);

    /// <summary>Whether somebody said lately that they follow a campaign's signal.</summary>
    public bool IsFollowed(CampaignState campaign, WebOptions options) => campaign.Acknowledged is { } last && Now - last.At <= options.SpendLease * 2;

    /// <summary>The first names, for a sentence; null when there are none.</summary>
    public static string? FirstOf(IReadOnlyList<string> names)
    {
        const int shown = 5;
        return names.Count == 0 ? null : string.Join(", ", names.Take(shown)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");
    }

    /// <summary>As much of a connector's id as a sentence bears: whoever knows all of a long one may call it.</summary>
    public static string ShortOf(string connector) => connector.Length > 8 ? connector[..8] + "..." : connector;
}

/// <summary>Looks at some of a channel's wires. Whoever adds a connection adds what the audit says of it.</summary>
internal interface IWireCheck
{
    /// <summary>The wires that it knows of, present or missing.</summary>
    ValueTask<IReadOnlyList<ChannelWire>> CheckAsync(ChannelScope scope, CancellationToken cancel);
}
