namespace CapacityMesh.Cluster;

/// <summary>Limits of a cluster's member, each with its reason.</summary>
public sealed record ClusterLimits
{
    /// <summary>Requests under way at one edge; default 16,384, as on one machine.</summary>
    public int RequestsMax { get; init; } = 16_384;

    /// <summary>Turns gathered for one commit; default 5,000: bounds one transaction to some tens of milliseconds.</summary>
    public int BatchTurnsMax { get; init; } = 5_000;

    /// <summary>How long a request waits for its answer; default 30 s, as on one machine.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that lost a race is asked again; default 10.</summary>
    public int AttemptsMax { get; init; } = 10;

    /// <summary>How often an effect that its target fails on is tried before it is parked; default 5, as on one machine.</summary>
    public int EffectAttemptsMax { get; init; } = 5;

    /// <summary>How long a failed effect rests before its first retry, doubled with each one after; default 200 ms: longer than a commit.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Effects in one call: bounds a message to some tens of KiB.</summary>
    public int LettersMax { get; init; } = 128;

    /// <summary>
    /// Entities of one workspace live on one silo; default true: then a lead's way is one commit. Without, each lives somewhere, and each step between two
    /// silos is a message and a commit of its own. All members must agree.
    /// </summary>
    public bool WorkspacesTogether { get; init; } = true;

    /// <summary>Shards of what is owed and due; default 8: enough that each member of a usual cluster has some. All members must agree.</summary>
    public int Shards { get; init; } = 8;

    /// <summary>How often a pump looks; default 250 ms: the precision of a timer.</summary>
    public TimeSpan PumpEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a member looks into the feed when nobody told it of news; default 250 ms.</summary>
    public TimeSpan FeedEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the feed keeps a commit; default 10 minutes: a member that was away for longer has restarted.</summary>
    public TimeSpan FeedKeep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Appends of this silo that its followers have not heard of and that are kept for them; default 20,000: some seconds of the busiest silo, tens of MB.</summary>
    public int OwnTurnsMax { get; init; } = 20_000;

    /// <summary>States kept for readers and followers; default 20,000: some tens of MB.</summary>
    public int StatesMax { get; init; } = 20_000;
}
