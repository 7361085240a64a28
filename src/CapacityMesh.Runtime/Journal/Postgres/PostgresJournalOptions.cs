namespace CapacityMesh.Runtime.Journal.Postgres;

/// <summary>How a <see cref="PostgresJournal"/> stores.</summary>
/// <param name="ConnectionString">
/// To the database, as Npgsql reads it. Needs a session of its own for each connection: a pooler in between must not share sessions among transactions.
/// </param>
public sealed record PostgresJournalOptions(string ConnectionString)
{
    /// <summary>The schema when nobody names one.</summary>
    public const string DefaultSchema = "capacitymesh";

    /// <summary>Schema of the tables; created if missing. Lower-case letters, digits and underscores, 1 to 63 of them, no digit first.</summary>
    public string Schema { get; init; } = DefaultSchema;

    /// <summary>
    /// Name of the cluster whose member opens it; null when one process works alone. Every member bears the same name, each commit of theirs is named
    /// in the feed, and a database that belongs to another cluster is refused.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>How long the open waits for a server that does not answer yet; default one minute, zero tries once.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Connections at most, at least 2; default 10: one commits, some read, and ten processes fit the server's usual hundred.</summary>
    public int PoolMax { get; init; } = 10;

    /// <summary>Tells when an effect was parked, and how long the open waited.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
