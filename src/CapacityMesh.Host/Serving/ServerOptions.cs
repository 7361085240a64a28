namespace CapacityMesh.Host.Serving;

/// <summary>What a server is started with.</summary>
public sealed record ServerOptions
{
    /// <summary>Where to listen.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>The data folder of the embedded journal.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Connection string of a PostgreSQL database, instead of the folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>A proxy in front ends TLS.</summary>
    public bool IsBehindProxy { get; init; }

    /// <summary>Added to each sync of the journal. For benchmarks alone: it stands in for a cloud disk.</summary>
    public TimeSpan SyncDelay { get; init; }

    /// <summary>Seconds that pass in the mesh for one second here; 1 but for demonstrations.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Maps further routes beside the product's own; for benchmarks and demonstrations.</summary>
    public Action<WebApplication> AlsoMap { get; init; } = _ => { };
}
