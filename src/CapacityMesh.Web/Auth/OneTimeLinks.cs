using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CapacityMesh.Web.Auth;

/// <summary>Links that log a browser in once: printed by the host, so that nobody has to copy a key into a page. They live in memory only.</summary>
public sealed class OneTimeLinks(TimeProvider clock)
{
    private const int LinksMax = 100;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(30);
    private readonly ConcurrentDictionary<string, (string KeyHash, long Since)> links = new(StringComparer.Ordinal);

    /// <summary>A path that logs in with the key, once, within half an hour.</summary>
    public string Make(string key)
    {
        if (links.Count >= LinksMax) links.Clear();
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        links[KeyRing.HashOf(token)] = (KeyRing.HashOf(key), clock.GetTimestamp());
        return $"/login/once?token={token}";
    }

    /// <summary>The hash of the key behind a token, which is spent by asking.</summary>
    internal string? Spend(string token) =>
        links.TryRemove(KeyRing.HashOf(token), out var link) && clock.GetElapsedTime(link.Since) <= Lasts ? link.KeyHash : null;
}
