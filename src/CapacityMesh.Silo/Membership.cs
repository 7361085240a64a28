using System.Data.Common;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using Npgsql;
using Orleans.Configuration;

namespace CapacityMesh.Silo;

/// <summary>How silos find each other: in tables beside the journal's.</summary>
internal static class Membership
{
    private const string Invariant = "Npgsql";
    private const string ServiceId = "capacitymesh";
    // Any number that nobody else locks: the tables are made by one silo while the others wait.
    private const long LockKey = 0x6361706d656d6273;

    /// <summary>Makes the tables, unless they are there.</summary>
    /// <exception cref="JournalUnavailableException">The database does not answer.</exception>
    public static async Task PrepareAsync(SiloSettings settings, CancellationToken cancel)
    {
        try
        {
            await MakeAsync(settings, cancel);
        }
        catch (Exception fault) when (fault is DbException or System.Net.Sockets.SocketException)
        {
            throw new JournalUnavailableException($"The tables of the cluster's members cannot be made: {fault.Message}", fault);
        }
    }

    private static async Task MakeAsync(SiloSettings settings, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionOf(settings));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var gate = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = LockKey } } }) await gate.ExecuteNonQueryAsync(cancel);
        using var stream = typeof(Membership).Assembly.GetManifestResourceStream("CapacityMesh.Silo.membership.sql")!;
        using var script = new StreamReader(stream);
#pragma warning disable CA2100 // The text is our own.
        await using (var tables = new NpgsqlCommand(await script.ReadToEndAsync(cancel), connection)) await tables.ExecuteNonQueryAsync(cancel);
#pragma warning restore CA2100
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Joins.</summary>
    public static void Use(ISiloBuilder silo, SiloSettings settings)
    {
        DbProviderFactories.RegisterFactory(Invariant, NpgsqlFactory.Instance);
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, ServiceId));
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, ConnectionOf(settings)));
        if (settings.Address is { } address) silo.ConfigureEndpoints(address, settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: false);
        else silo.ConfigureEndpoints(settings.SiloPort, settings.GatewayPort, listenOnAnyHostAddress: true);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // A silo that was killed is found dead within some seconds: its leads go on elsewhere. Two must agree, unless there is one other only.
            (options.ProbeTimeout, options.NumMissedProbesLimit) = (TimeSpan.FromSeconds(2), 3);
            options.DefunctSiloExpiration = TimeSpan.FromDays(1);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
        });
    }

    // The names in Orleans' statements have no schema of their own.
    private static string ConnectionOf(SiloSettings settings) =>
        new NpgsqlConnectionStringBuilder(settings.Postgres) { SearchPath = PostgresJournalOptions.DefaultSchema, MaxPoolSize = 4, ApplicationName = "capacitymesh-membership" }.ConnectionString;
}
