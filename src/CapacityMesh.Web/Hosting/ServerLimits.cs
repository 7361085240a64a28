using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CapacityMesh.Web.Hosting;

/// <summary>Bounds of the web server, with their reasons.</summary>
public static class ServerLimits
{
    /// <summary>How long a stop waits for requests under way: with the mesh's own drain, less than the 30 s after which container hosts kill.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(10);

    /// <summary>Bounds what callers may cost.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        var limits = kestrel.Limits;
        // Each costs a few KiB; more than this on one machine is an attack, or wants a proxy.
        limits.MaxConcurrentConnections = 10_000;
        limits.MaxConcurrentUpgradedConnections = 5_000;
        // Bodies have their own, smaller limit with a typed problem; this one stands where nobody reads the body.
        limits.MaxRequestBodySize = 1024 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
    }

    /// <summary>The operator says that every request comes through one proxy: its word on the caller's address and scheme is believed, and no earlier one's.</summary>
    public static ForwardedHeadersOptions OneProxy()
    {
        var headers = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        return headers;
    }
}
