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

    /// <summary>Questions about futures that are computed at once, over all workspaces; default a quarter of the cores, at least 1: each takes a core for some seconds.</summary>
    public int WhatIfAtOnce { get; init; } = Math.Max(1, Environment.ProcessorCount / 4);

    /// <summary>How long one of them may take before it is answered with what is known by then; default 10 seconds.</summary>
    public TimeSpan WhatIfMost { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the background looks whether a forecast or an advice is due; default 15 seconds.</summary>
    public TimeSpan LookAheadEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The least time between two advices, and between two forecasts, for one workspace; default 5 minutes.</summary>
    public TimeSpan AdviceEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Futures of a forecast; null for as many as a few seconds allow, 6 to 200.</summary>
    public int? ForecastSeeds { get; init; }

    /// <summary>Whether the background rests three times as long as it works; default true.</summary>
    public bool LookAheadPaces { get; init; } = true;

    /// <summary>How often a steered campaign is read back when nothing else happens; default 15 minutes, a thirtieth of the smallest daily quota for ten campaigns.</summary>
    public TimeSpan ActuatorReadEvery { get; init; } = TimeSpan.FromMinutes(15);
}
