namespace CapacityMesh.Simulation.Replay;

/// <summary>What a replay assumes about a business of which only the leads and deals are known.</summary>
public sealed record ReplayOptions
{
    /// <summary>First day to replay; null for the first lead's.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>First day not to replay; null for the end.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>Salespeople; null for as many as the deals name, or 10.</summary>
    public int? People { get; init; }
    /// <summary>First conversations that each can begin a week; default 20.</summary>
    public decimal Weekly { get; init; } = 20;
    /// <summary>Leads that each can hold at once; default 60: half the won leads took longer than two weeks.</summary>
    public int Concurrent { get; init; } = 60;
    /// <summary>Promised wait until somebody takes a lead; default 2 days.</summary>
    public TimeSpan Promise { get; init; } = TimeSpan.FromDays(2);
    /// <summary>How long a lead that was not won is worked; default 2 days.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromDays(2);
    /// <summary>What a lead costs, for the waste; default 1.</summary>
    public decimal CostPerLead { get; init; } = 1;

    /// <summary>What is wrong with the assumptions, in one sentence; null when nothing is.</summary>
    public string? Check() =>
        People is < 1 or > 2_000 ? "--people lies between 1 and 2,000."
        : Weekly is <= 0 or > 20_000 ? "--weekly lies above 0 and up to 20,000."
        : Concurrent is < 1 or > 1_000 ? "--concurrent lies between 1 and 1,000."
        : From >= To ? "--from lies after --to."
        : null;
}
