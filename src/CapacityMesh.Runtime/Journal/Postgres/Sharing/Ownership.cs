using CapacityMesh.Runtime.Journal.Postgres.Native;
using Npgsql;

namespace CapacityMesh.Runtime.Journal.Postgres.Sharing;

/// <summary>Whose database it is: the first member of a cluster writes its name, every other must bear it.</summary>
internal static class Ownership
{
    private const string ClaimSql = "INSERT INTO owner (cluster) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET cluster = owner.cluster RETURNING cluster";

    /// <summary>Claims it.</summary>
    /// <exception cref="JournalOwnedException">It belongs to another cluster.</exception>
    public static async Task ClaimAsync(NpgsqlConnection connection, string cluster, CancellationToken cancel)
    {
        var owner = cluster;
        await new Script(connection).Read(ClaimSql, row => owner = row.GetString(0), Sql.Of(cluster)).ExecuteAsync(cancel);
        if (owner != cluster) throw new JournalOwnedException(owner, cluster);
    }
}
