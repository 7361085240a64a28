using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Capture;

namespace CapacityMesh.Web.Connectors;

/// <summary>A connector to describe. A secret that is left out stays; one that is null is removed.</summary>
internal sealed record ConnectorBody(
    string? Platform, Dictionary<string, string?>? Secrets, Dictionary<string, JsonElement>? Map, string? ApiBaseUrl, Dictionary<string, string>? Campaigns)
{
    private const int EntriesMax = 200;
    private static readonly string[] Addresses = ["tokenUrl", "uploadBaseUrl"];

    /// <summary>Whether spend signals reach the platform; off when left out.</summary>
    public ActuateMode? Actuate { get; init; }

    /// <summary>From a lead's step to the conversion that the platform is told; none when left out.</summary>
    public Dictionary<string, string>? Outcomes { get; init; }

    // A long-lived token of a platform has some hundred characters.
    private const int SecretLengthMax = 4_096;
    private const int MapLengthMax = 500;

    /// <summary>Ends the request when something is wrong.</summary>
    public void Check(CalloutRules rules)
    {
        var platform = Platforms.Parse(Platform);
        var errors = new FieldErrors()
            .Require(platform is not null, "platform", "unknownPlatform", $"A platform is one of {Platforms.All}.")
            .Require(Campaigns is not { Count: > EntriesMax * 5 }, "campaigns", "tooMany", "At most 1,000 campaigns are mapped.")
            .Require(Map is not { Count: > EntriesMax }, "map", "tooMany", "A map has at most 200 entries.")
            .Require(ApiBaseUrl is null || rules.IsBase(ApiBaseUrl), "apiBaseUrl", "invalidUrl", "An apiBaseUrl is an https address without user, query and fragment.");
        var known = platform is { } p ? Platforms.SecretsOf(p) : [];
        foreach (var (name, secret) in Secrets ?? [])
        {
            if (platform is not null && !known.Contains(name)) errors.Require(false, "secrets", "unknownSecret", $"Secrets of {Platform} are: {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
            errors.Require(secret is null or { Length: > 0 and <= SecretLengthMax }, $"secrets.{name}", "invalidSecret", "A secret has 1 to 4,096 characters.");
        }
        foreach (var (name, value) in Map ?? [])
        {
            errors.Require(name.Length is > 0 and <= MapLengthMax && TextOf(value) is { Length: <= MapLengthMax }, "map", "invalidMap", "A map's values are texts, numbers, truth values or lists of texts, of at most 500 characters.");
        }
        foreach (var (theirs, ours) in Campaigns ?? [])
        {
            errors.Require(theirs.Length is > 0 and <= MapLengthMax && FieldErrors.IsKey(ours), "campaigns", "invalidId", "A campaign's id has 1 to 64 letters, digits, '-', '_', '.' or ':'.");
        }
        foreach (var name in Addresses)
        {
            errors.Require(Map?.TryGetValue(name, out var url) is not true || rules.IsBase(TextOf(url)), $"map.{name}", "invalidUrl", "It is an https address without user, query and fragment.");
        }
        errors.Require(Actuate is null or ActuateMode.Off || platform is not (null or Connectors.Platform.Form), "actuate", "notActuated", "A form has no spend.")
            .Require(Outcomes is not { Count: > 0 } || platform is not (null or Connectors.Platform.Form or Connectors.Platform.TikTok), "outcomes", "notUploaded", "Outcomes go to google, meta, linkedin and microsoft.")
            .Require(Outcomes is not { Count: > EntriesMax }, "outcomes", "tooMany", "At most 200 outcomes are mapped.");
        foreach (var (step, conversion) in Outcomes ?? [])
        {
            errors.Require(Feedback.Outcomes.OutcomeSteps.IsKnown(step), "outcomes", "unknownOutcome", $"An outcome is one of {Feedback.Outcomes.OutcomeSteps.All}.")
                .Require(conversion is { Length: > 0 and <= MapLengthMax }, "outcomes", "invalidConversion", "A conversion has 1 to 500 characters.");
        }
        errors.ThrowIfAny();
    }

    /// <summary>The map as text; lists are joined by commas.</summary>
    public IReadOnlyDictionary<string, string> MapAsText() => (Map ?? []).ToDictionary(m => m.Key, m => TextOf(m.Value)!, StringComparer.Ordinal);

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array when value.EnumerateArray().All(e => e.ValueKind is JsonValueKind.String) => string.Join(',', value.EnumerateArray().Select(e => e.GetString())),
        _ => null,
    };
}

/// <summary>A connector, without its secrets: only which are set.</summary>
internal sealed record ConnectorReply(
    string Id, string Platform, IReadOnlyDictionary<string, bool> Secrets, IReadOnlyDictionary<string, string> Map, string? ApiBaseUrl,
    IReadOnlyDictionary<string, string> Campaigns, string CapturePath, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, ActuateMode Actuate,
    IReadOnlyDictionary<string, string> Outcomes)
{
    public static ConnectorReply Of(ConnectorRecord record) => new(
        record.Id, record.Platform, record.Secrets.Keys.Order(StringComparer.Ordinal).ToDictionary(k => k, _ => true), record.Map, record.ApiBaseUrl, record.Campaigns,
        $"/v1/capture/{record.Platform}/{record.Id}", record.CreatedAt, record.ChangedAt, record.Actuate, record.Outcomes);
}
