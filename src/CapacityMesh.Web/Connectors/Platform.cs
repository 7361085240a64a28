namespace CapacityMesh.Web.Connectors;

/// <summary>Who stands behind a connector.</summary>
internal enum Platform
{
    /// <summary>Google Ads lead forms.</summary>
    Google,
    /// <summary>Meta Lead Ads.</summary>
    Meta,
    /// <summary>LinkedIn Lead Sync.</summary>
    LinkedIn,
    /// <summary>TikTok lead generation; experimental.</summary>
    TikTok,
    /// <summary>Microsoft Advertising.</summary>
    Microsoft,
    /// <summary>A form on a page of one's own.</summary>
    Form,
}

/// <summary>What the platforms are called on the wire.</summary>
internal static class Platforms
{
    private static readonly Dictionary<string, Platform> ByName = Enum.GetValues<Platform>().ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public static string All { get; } = string.Join(", ", ByName.Keys);

    /// <summary>One word, lower case: platforms write themselves in too many ways.</summary>
    public static string NameOf(Platform platform) => platform.ToString().ToLowerInvariant();

    /// <summary>The platform of a name, or null.</summary>
    public static Platform? Parse(string? name) => name is not null && ByName.TryGetValue(name, out var platform) ? platform : null;

    /// <summary>The secrets that a platform may have.</summary>
    public static IReadOnlyList<string> SecretsOf(Platform platform) => platform switch
    {
        Platform.Google => ["key", .. OAuth, "developerToken"],
        Platform.Meta => ["appSecret", "verifyToken", "accessToken", .. OAuth],
        Platform.LinkedIn => ["clientSecret", "accessToken", .. OAuth],
        Platform.TikTok => ["clientSecret", "accessToken", .. OAuth],
        Platform.Microsoft => ["clientSecret", "accessToken", "developerToken", .. OAuth],
        Platform.Form => [],
    };

    private static IReadOnlyList<string> OAuth => ["oauthClientId", "oauthClientSecret", "refreshToken"];
}
