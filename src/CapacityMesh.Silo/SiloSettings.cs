namespace CapacityMesh.Silo;

/// <summary>What a silo is told by its environment; see docs/reference/configuration.md.</summary>
/// <param name="Postgres">Connection to the database of the cluster; null for one silo on this machine.</param>
/// <param name="ClusterId">Silos of one cluster share it.</param>
/// <param name="DataFolder">Where one silo on this machine keeps its journal.</param>
/// <param name="SiloPort">Where other silos reach this one.</param>
/// <param name="GatewayPort">Where clients reach it.</param>
internal sealed record SiloSettings(string? Postgres, string ClusterId, string DataFolder, int SiloPort, int GatewayPort)
{
    public static SiloSettings Read(IConfiguration configuration) => new(
        NullIfEmpty(configuration["CAPACITYMESH_POSTGRES"]),
        NullIfEmpty(configuration["CAPACITYMESH_CLUSTER_ID"]) ?? "capacitymesh",
        NullIfEmpty(configuration["CAPACITYMESH_DATA"]) ?? "./data",
        configuration.GetValue("CAPACITYMESH_SILO_PORT", 11111),
        configuration.GetValue("CAPACITYMESH_GATEWAY_PORT", 30000));

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
