using System.Data.Common;
using Npgsql;
using Orleans.Configuration;

namespace CapacityMesh.Silo;

/// <summary>How silos find each other: in PostgreSQL, or not at all when there is one.</summary>
internal static class Membership
{
    private const string Invariant = "Npgsql";

    public static void Use(ISiloBuilder silo, SiloSettings settings)
    {
        if (settings.Postgres is not { } connection)
        {
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, serviceId: "capacitymesh", clusterId: settings.ClusterId);
            return;
        }
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, "capacitymesh"));
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, connection));
        silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
    }
}
