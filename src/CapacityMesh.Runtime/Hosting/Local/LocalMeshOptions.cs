namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>Limits of the local host, each with its reason.</summary>
public sealed record LocalMeshOptions
{
    /// <summary>Requests under way at once; default 16,384: at 10,000 a second that is more than a second of waiting, and then "come back later" is kinder.</summary>
    public int RequestsMax { get; init; } = 16_384;

    /// <summary>Turns gathered for one commit; default 20,000: bounds the memory and the time of one transaction.</summary>
    public int BatchTurnsMax { get; init; } = 20_000;

    /// <summary>
    /// Batches decided and not durable yet; default 16: a sync that takes as long as that many writes is a disk that cannot follow, and then fewer, larger
    /// batches serve it better.
    /// </summary>
    public int BatchesInFlightMax { get; init; } = 16;

    /// <summary>Entities kept in memory; default 300,000: about 300 MB.</summary>
    public int LiveEntitiesMax { get; init; } = 300_000;

    /// <summary>How far ahead timers are kept in memory; default 1 hour.</summary>
    public TimeSpan TimerWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often a turn that fails is tried again before its cause is parked; default 5.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>How long a failed turn rests before its first retry, doubled with each one after; default 200 ms: longer than a commit.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a request waits for its answer; default 30 s: longer than a slow disk, shorter than a proxy's patience.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for what is under way; default 20 s: what container hosts grant before they kill.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
