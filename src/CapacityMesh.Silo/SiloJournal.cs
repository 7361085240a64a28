using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;

namespace CapacityMesh.Silo;

/// <summary>The journal of a silo: SQLite for one silo; several need one that several processes may write.</summary>
internal static class SiloJournal
{
    /// <exception cref="NotSupportedException">The settings ask for a cluster, and this release has no PostgreSQL journal.</exception>
    public static IJournal Open(SiloSettings settings) => settings.Postgres is null
        ? new SqliteJournal(new SqliteJournalOptions(settings.DataFolder))
        : throw new NotSupportedException("This release has no PostgreSQL journal yet, so silos cannot share one. Unset CAPACITYMESH_POSTGRES to run one silo.");
}
