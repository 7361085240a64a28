using System.Security.Cryptography;
using System.Text;

namespace CapacityMesh.Web.Connectors;

/// <summary>A connector as stored.</summary>
/// <param name="Id">Its id, which platforms know from the address they call.</param>
/// <param name="Platform">Name of the platform.</param>
/// <param name="Secrets">Sealed secrets by name.</param>
/// <param name="Map">Which of their fields is which of ours, and settings of the platform.</param>
/// <param name="ApiBaseUrl">Where the platform's API is, if not at its usual place.</param>
/// <param name="Campaigns">From the platform's campaign, ad set, ad or form id to our campaign.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ChangedAt">When it was last described.</param>
internal sealed record ConnectorRecord(
    string Id, string Platform, IReadOnlyDictionary<string, string> Secrets, IReadOnlyDictionary<string, string> Map, string? ApiBaseUrl,
    IReadOnlyDictionary<string, string> Campaigns, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <summary>From a connector's id to the workspace that it belongs to: platforms call without a key of ours.</summary>
internal sealed record ConnectorOwner(string Workspace);

/// <summary>A connector, opened for use.</summary>
internal sealed class Connector(string workspace, ConnectorRecord record, IReadOnlyDictionary<string, string> secrets)
{
    public string Id => record.Id;

    public string Workspace => workspace;

    public Platform Platform { get; } = Platforms.Parse(record.Platform) ?? throw new InvalidOperationException("A stored connector has a platform.");

    public string? ApiBaseUrl => record.ApiBaseUrl;

    /// <summary>A secret, or null when it is not set.</summary>
    public string? Secret(string name) => secrets.GetValueOrDefault(name);

    /// <summary>A word of the map, or null.</summary>
    public string? Map(string name) => record.Map.GetValueOrDefault(name);

    /// <summary>Whether what came is the secret; takes the same time wherever they differ. Without a secret nothing is.</summary>
    public bool Holds(string name, string? given) =>
        Secret(name) is { Length: > 0 } secret && given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(given)));

    /// <summary>Our campaign for the first of the platform's ids that is mapped; else <c>platform:id</c> of the first that came; else none.</summary>
    public string? CampaignOf(params ReadOnlySpan<string?> theirs)
    {
        string? first = null;
        foreach (var id in theirs)
        {
            if (string.IsNullOrEmpty(id)) continue;
            if (record.Campaigns.TryGetValue(id, out var ours)) return ours;
            first ??= id;
        }
        return first is not null ? $"{record.Platform}:{first}" : record.Campaigns.GetValueOrDefault("default");
    }
}
