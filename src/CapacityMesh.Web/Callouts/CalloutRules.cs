using System.Net;
using System.Net.Sockets;

namespace CapacityMesh.Web.Callouts;

/// <summary>
/// Whom we may call. Users name hosts, and a host may resolve to our own network: what counts is the address at the moment of connecting, not the name.
/// </summary>
internal sealed class CalloutRules(WebOptions options)
{
    private const int UrlLengthMax = 2_000;

    // IPv4: this host, private, shared, loopback, link-local, protocol assignments, benchmarks, multicast, reserved. IPv6: the same, and tunnels that embed IPv4.
    private static readonly IPNetwork[] Closed =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4",
            "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Whether the address may be connected to.</summary>
    public bool Allows(IPAddress address)
    {
        if (options.AllowLoopbackCallouts) return true;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !Array.Exists(Closed, n => n.Contains(plain));
    }

    /// <summary>Whether a text is an address that we may be given to call: https, or http as well where loopback is allowed.</summary>
    public bool IsUrl(string? text) =>
        text is { Length: <= UrlLengthMax } && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || (options.AllowLoopbackCallouts && url.Scheme == Uri.UriSchemeHttp))
        && url.Host.Length > 0 && url.UserInfo.Length == 0 && url.Fragment.Length == 0;

    /// <summary>Whether a text is such an address that paths may be added to.</summary>
    public bool IsBase(string? text) => IsUrl(text) && new Uri(text!).Query.Length == 0;
}
