using System.Net;

namespace CapacityMesh.Web.Hosting;

/// <summary>Keys travel in headers: without TLS they must not leave the machine, unless a proxy in front speaks TLS.</summary>
public static class ListenRules
{
    /// <summary>Why the server must not listen there; null when it may.</summary>
    public static string? Against(string urls, bool behindProxy)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // '*' and '+' stand for every address and are not part of a URI.
            var text = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return $"'{url}' is not an http or https address.";
            if (uri.Scheme == "http" && !behindProxy && !IsLoopback(uri)) return $"'{url}' is reachable from other machines without TLS. Listen on 127.0.0.1, use https, or say --behind-proxy when a proxy in front speaks TLS.";
        }
        return null;
    }

    private static bool IsLoopback(Uri uri) => uri.IsLoopback || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
