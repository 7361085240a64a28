using System.Net;
using Microsoft.AspNetCore.Http;

namespace CapacityMesh.Host.Serving;

/// <summary>Keys travel in requests: nobody else may be able to read them. Beyond this machine we listen with TLS, or behind a proxy that has it.</summary>
internal static class ListenRules
{
    /// <summary>Stops a start that would listen in the open.</summary>
    /// <exception cref="StartRefusedException">A URL is none, or is reachable from elsewhere without TLS.</exception>
    public static void Require(IEnumerable<string> urls, bool isBehindProxy)
    {
        var any = false;
        foreach (var url in urls)
        {
            any = true;
            if (!IsAllowed(Parse(url), isBehindProxy))
            {
                throw new StartRefusedException(
                    "notLoopback", $"{url} can be reached from other machines, and keys would travel in the open. Listen on 127.0.0.1, use https://, or say --behind-proxy when a proxy in front ends TLS.");
            }
        }
        if (!any) throw new StartRefusedException("noUrl", "--urls names no URL.");
    }

    private static bool IsAllowed(BindingAddress address, bool isBehindProxy) =>
        isBehindProxy || address.IsUnixPipe || address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || IsLoopback(address.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" ? address : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new StartRefusedException("invalidUrl", $"'{url}' is not a URL to listen on, such as http://127.0.0.1:5080.");
        }
    }
}
