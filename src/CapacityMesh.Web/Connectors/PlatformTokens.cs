using System.Collections.Concurrent;
using System.Globalization;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Capture.Platforms;

namespace CapacityMesh.Web.Connectors;

/// <summary>A token, or why there is none.</summary>
internal readonly record struct TokenAnswer(string? Value, PlatformReply? Fault);

/// <summary>
/// Tokens for platforms. With a refresh token, access tokens are made from it and live in memory only; a refresh token that the platform rotates is
/// sealed into the connector. Without one, the connector's <c>accessToken</c> is the token.
/// </summary>
internal sealed class PlatformTokens(CalloutClient client, ConnectorBook book, TimeProvider time)
{
    private const int KeptMax = 10_000;
    private static readonly string[] OAuthClient = ["oauthClientId", "oauthClientSecret"];
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LivesUsually = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, Kept> kept = new(StringComparer.Ordinal);

    /// <summary>Where access tokens are made.</summary>
    public static string? AddressOf(Connector connector) => connector.Map("tokenUrl") ?? connector.Platform switch
    {
        Platform.Google => "https://oauth2.googleapis.com/token",
        Platform.Microsoft => "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        Platform.LinkedIn => "https://www.linkedin.com/oauth/v2/accessToken",
        // Their tokens are long-lived.
        _ => null,
    };

    /// <summary>Secrets without which there is no token.</summary>
    public static IReadOnlyList<string> Missing(Connector connector)
    {
        if (connector.Secret("refreshToken") is null || AddressOf(connector) is null) return connector.Secret("accessToken") is null ? ["accessToken"] : [];
        return [.. OAuthClient.Where(s => connector.Secret(s) is null)];
    }

    /// <summary>A token that is not known to be refused.</summary>
    /// <param name="connector">Whose.</param>
    /// <param name="refused">A token that the platform did not accept; null when none was tried.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async ValueTask<TokenAnswer> OfAsync(Connector connector, string? refused, CancellationToken cancel)
    {
        if (connector.Secret("refreshToken") is not { } secret || AddressOf(connector) is not { } address)
        {
            return connector.Secret("accessToken") is { } fixedToken ? new TokenAnswer(fixedToken, null) : new TokenAnswer(null, new PlatformReply(CallResult.Unauthorized, Code: "accessTokenNotSet"));
        }
        if (kept.Count >= KeptMax) kept.Clear();
        var own = kept.GetOrAdd(connector.Id, static _ => new Kept());
        await own.Turn.WaitAsync(cancel);
        try
        {
            // A call that is under way may still hold the connector as it was before the platform rotated its token.
            if (own.Given != secret && own.Previous != secret) (own.Given, own.Rotated, own.Access) = (secret, secret == own.Rotated ? secret : null, secret == own.Rotated ? own.Access : null);
            if (own.Access is { } access && access != refused && own.Until > time.GetUtcNow()) return new TokenAnswer(access, null);
            return await RenewAsync(connector, address, own, cancel);
        }
        finally
        {
            own.Turn.Release();
        }
    }

    private async Task<TokenAnswer> RenewAsync(Connector connector, string address, Kept own, CancellationToken cancel)
    {
        var current = own.Rotated ?? own.Given!;
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"), new("refresh_token", current),
                new("client_id", connector.Secret("oauthClientId") ?? ""), new("client_secret", connector.Secret("oauthClientSecret") ?? ""),
            ]),
        };
        // Making a token changes nothing that we could do twice.
        var reply = await PlatformApi.SendAsync(client, Platform.Form, request, isRead: true, cancel);
        if (!reply.IsDone || reply.Body.Field("access_token").AsText() is not { } access)
        {
            own.Access = null;
            var oauth = reply.Body.Field("error").AsText();
            // invalid_grant and the like: a person must connect us again.
            return new TokenAnswer(null, oauth is not null || reply.Result is CallResult.Refused ? new PlatformReply(CallResult.Unauthorized, Code: oauth ?? reply.Code) : reply with { Result = reply.IsDone ? CallResult.Unavailable : reply.Result, Body = default });
        }
        own.Access = access;
        own.Until = time.GetUtcNow() + LifeOf(reply.Body.Field("expires_in").AsText());
        if (reply.Body.Field("refresh_token").AsText() is { } next && next != current)
        {
            (own.Previous, own.Rotated) = (current, next);
            await book.KeepSecretAsync(connector, "refreshToken", next, cancel);
        }
        return new TokenAnswer(access, null);
    }

    private static TimeSpan LifeOf(string? seconds)
    {
        var life = long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && known is > 0 and < 100_000_000 ? TimeSpan.FromSeconds(known) : LivesUsually;
        return life > RenewBefore * 2 ? life - RenewBefore : life / 2;
    }

    private sealed class Kept
    {
        public SemaphoreSlim Turn { get; } = new(1);

        // As the connector had it, and as the platform gave it anew.
        public string? Given { get; set; }

        public string? Rotated { get; set; }

        public string? Previous { get; set; }

        public string? Access { get; set; }

        public DateTimeOffset Until { get; set; }
    }
}
