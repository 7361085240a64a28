namespace CapacityMesh.Host.Server;

/// <summary>How the embedded server runs.</summary>
/// <param name="Urls">Where it listens; loopback unless <paramref name="BehindProxy"/> or TLS says otherwise.</param>
/// <param name="DataFolder">Where the SQLite journal lives.</param>
/// <param name="BehindProxy">Somebody else terminates TLS: listening beyond loopback is allowed.</param>
/// <param name="ClockSpeed">Seconds that pass here in one second of the machine; 1 but for demonstrations.</param>
public sealed record ServerOptions(string Urls, string DataFolder, bool BehindProxy, double ClockSpeed = 1)
{
    /// <summary>Connection to PostgreSQL, which then holds the journal instead of the data folder; default none. May hold a password: never shown.</summary>
    public string? Postgres { get; init; }

    /// <summary>Loopback, port 5080.</summary>
    public const string DefaultUrls = "http://127.0.0.1:5080";

    /// <summary>Called before each sync of the journal; none but for benchmarks, where the time that it takes stands in for a cloud disk.</summary>
    public Action? BeforeSync { get; init; }

    /// <summary>Maps further routes beside the product's own; nothing but for benchmarks.</summary>
    public Action<WebApplication> AlsoMap { get; init; } = _ => { };
}
