namespace CapacityMesh.Silo;

/// <summary>What a silo is told by its environment; see docs/reference/configuration.md.</summary>
/// <param name="Postgres">Connection to the database of the cluster. May hold a password: never shown.</param>
/// <param name="ClusterId">Silos of one cluster share it, and their database belongs to it.</param>
/// <param name="Urls">Where it listens for people and programs.</param>
/// <param name="BehindProxy">Somebody else terminates TLS: listening beyond loopback is allowed.</param>
/// <param name="Address">Where other silos reach this one; null lets it find its own address.</param>
/// <param name="SiloPort">On which port.</param>
/// <param name="GatewayPort">On which port Orleans clients reach it; 0 for none.</param>
internal sealed record SiloSettings(string Postgres, string ClusterId, string Urls, bool BehindProxy, System.Net.IPAddress? Address, int SiloPort, int GatewayPort)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">Something is missing, or is none.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        var address = Text(configuration, "CAPACITYMESH_SILO_ADDRESS");
        return new SiloSettings(
            Text(configuration, "CAPACITYMESH_POSTGRES") ?? throw new ArgumentException("A silo shares a database with the others: set CAPACITYMESH_POSTGRES. For one machine there is CapacityMesh.Host."),
            Text(configuration, "CAPACITYMESH_CLUSTER_ID") ?? "capacitymesh",
            Text(configuration, "CAPACITYMESH_URLS") ?? "http://127.0.0.1:5080",
            Text(configuration, "CAPACITYMESH_BEHIND_PROXY") is "true",
            address is null ? null : System.Net.IPAddress.TryParse(address, out var ip) ? ip : throw new ArgumentException($"CAPACITYMESH_SILO_ADDRESS is an IP address, and '{address}' is none."),
            Port(configuration, "CAPACITYMESH_SILO_PORT", 11111),
            Port(configuration, "CAPACITYMESH_GATEWAY_PORT", 0));
    }

    private static int Port(IConfiguration configuration, string name, int usual) => Text(configuration, name) switch
    {
        null => usual,
        { } text when int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65_535 => port,
        { } text => throw new ArgumentException($"{name} is a port, and '{text}' is none."),
    };

    private static string? Text(IConfiguration configuration, string name) => string.IsNullOrWhiteSpace(configuration[name]) ? null : configuration[name];
}
