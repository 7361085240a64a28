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
    IReadOnlyDictionary<string, string> Campaigns, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    /// <summary>Whether spend signals reach the platform through it.</summary>
    public ActuateMode Actuate { get; init; }

    /// <summary>From a lead's step (<c>won</c>, <c>passed:discovery</c>) to the conversion that the platform is told.</summary>
    public IReadOnlyDictionary<string, string> Outcomes { get; init; } = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty;

    /// <summary>The platform's ids whose spend we steer, with our campaign: all that are mapped, or those that <c>actuateOnly</c> names.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<KeyValuePair<string, string>> Steered
    {
        get
        {
            if (Actuate is ActuateMode.Off) return [];
            var only = Map.GetValueOrDefault("actuateOnly")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return Campaigns.Where(c => c.Key != DefaultCampaign && (only is null || only.Contains(c.Key)));
        }
    }

    /// <summary>The entry of <see cref="Campaigns"/> for leads that name no campaign.</summary>
    public const string DefaultCampaign = "default";
}

/// <summary>How far spend signals reach.</summary>
internal enum ActuateMode
{
    /// <summary>Nothing is read or changed.</summary>
    Off,
    /// <summary>Read and planned; the platform validates where it can, and nothing is changed.</summary>
    DryRun,
    /// <summary>Changed and read back.</summary>
    Apply,
}

/// <summary>From a connector's id to the workspace that it belongs to: platforms call without a key of ours.</summary>
internal sealed record ConnectorOwner(string Workspace);

/// <summary>A connector, opened for use.</summary>
internal sealed class Connector(string workspace, ConnectorRecord record, IReadOnlyDictionary<string, string> secrets)
{
    public string Id => record.Id;

    public string Workspace => workspace;

    public Platform Platform { get; } = Platforms.Parse(record.Platform) ?? throw new InvalidOperationException("A stored connector has a platform.");

    public string? ApiBaseUrl => record.ApiBaseUrl;

    /// <summary>As it is stored.</summary>
    public ConnectorRecord Record => record;

    /// <summary>Where an API of the platform is: at its usual place, unless the connector says otherwise.</summary>
    public string Api(string usual) => (record.ApiBaseUrl ?? usual).TrimEnd('/');

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
        return first is not null ? $"{record.Platform}:{first}" : record.Campaigns.GetValueOrDefault(ConnectorRecord.DefaultCampaign);
    }
}
