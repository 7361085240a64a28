namespace CapacityMesh.Web;

/// <summary>What a host may choose.</summary>
public sealed record WebOptions
{
    /// <summary>The admin key of the workspace <c>default</c>, at least 16 characters; null lets the first start make one.</summary>
    public string? AdminKey { get; init; } = Environment.GetEnvironmentVariable("CAPACITYMESH_ADMIN_KEY");

    /// <summary>How long a spend signal holds without news from us; default 2 hours: some ad platforms run a script once an hour at most.</summary>
    public TimeSpan SpendLease { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long board deltas are gathered before they are sent; default 50 ms, below what an eye notices.</summary>
    public TimeSpan BoardEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether anybody may read <c>/metrics</c>; otherwise callers from elsewhere need an operator's key. Default false.</summary>
    public bool MetricsOpen { get; init; }

    /// <summary>Whether we may call loopback, private and link-local addresses: for tests and for platforms' stand-ins. Default false.</summary>
    public bool AllowLoopbackCallouts { get; init; } = Environment.GetEnvironmentVariable("CAPACITYMESH_ALLOW_LOOPBACK_CALLOUTS") is "true";

    /// <summary>
    /// Messages of one webhook that wait as rows of their own; default 100,000: a receiver that is down for three days at one message every three
    /// seconds. What comes beyond stays in the journal, and follows when half of them are gone.
    /// </summary>
    public long WebhookPendingMax { get; init; } = 100_000;

    /// <summary>The first pause before a call that failed is made again; it doubles from there. Default 1 second.</summary>
    public TimeSpan CalloutRetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a call that fails is made again before it is given up; default 3 days: a weekend.</summary>
    public TimeSpan CalloutGiveUpAfter { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long one call may take; default 10 seconds.</summary>
    public TimeSpan CalloutTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
