using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Feedback;

/// <summary>The spend signal of a campaign.</summary>
public enum SpendAction
{
    /// <summary>Spend as planned.</summary>
    Run,
    /// <summary>Spend less: the budget times the multiplier.</summary>
    Ease,
    /// <summary>Spend nothing.</summary>
    Pause,
}

/// <summary>Whether a signal is applied at once or waits for a human.</summary>
public enum SpendMode
{
    /// <summary>Signals hold at once.</summary>
    Apply,
    /// <summary>Signals are proposed and hold when approved.</summary>
    Propose,
}

/// <summary>What the consumer of a signal does when its lease ends without news.</summary>
public enum OnSilence
{
    /// <summary>Leave things as they are.</summary>
    Keep,
    /// <summary>Pause.</summary>
    Pause,
}

/// <summary>What may happen to a lead, as a campaign counts it.</summary>
public enum Outcome
{
    /// <summary>Heard of.</summary>
    Captured,
    /// <summary>Let in.</summary>
    Admitted,
    /// <summary>Kept waiting at the gate.</summary>
    Waitlisted,
    /// <summary>Turned away.</summary>
    Deflected,
    /// <summary>Waited too long at the gate.</summary>
    Expired,
    /// <summary>Taken back.</summary>
    Retracted,
    /// <summary>A promise to it was broken.</summary>
    PromiseBroken,
    /// <summary>Lost at a stage.</summary>
    Lost,
    /// <summary>Deal won.</summary>
    Won,
    /// <summary>Delivered.</summary>
    Delivered,
}

/// <summary>What a campaign is.</summary>
/// <param name="Channel">google, meta, linkedin, tiktok, microsoft or any other word.</param>
/// <param name="PromiseId">The message promise that its leads were made; null when none.</param>
/// <param name="ValuePerWin">What a won deal brings on average; null when unknown.</param>
/// <param name="DailyBudget">What it may spend a day; null when unknown.</param>
/// <param name="Mode">Apply or propose.</param>
/// <param name="OnSilence">The fail-safe.</param>
/// <param name="MinDwell">Shortest time between two signals; default 1 hour.</param>
/// <param name="ChangesPerHour">Most signals in an hour; default 4, Meta's own limit for budgets.</param>
/// <param name="Skills">Skills that its leads ask for.</param>
public sealed record CampaignProfile(
    string Channel, string? PromiseId, Money? ValuePerWin, Money? DailyBudget, SpendMode Mode, OnSilence OnSilence, TimeSpan MinDwell, int ChangesPerHour, ImmutableArray<string> Skills)
{
    /// <summary>A campaign of which nothing is known.</summary>
    public static CampaignProfile Default { get; } = new("unknown", null, null, null, SpendMode.Apply, OnSilence.Keep, TimeSpan.FromHours(1), 4, []);

    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<FieldError> Check() => new FieldErrors()
        .RequireKey(Channel, "channel")
        .Require(PromiseId is null || FieldErrors.IsKey(PromiseId), "promise.id", "invalidId", "An id has 1 to 64 letters, digits, '-', '_', '.' or ':'.")
        .Require(IsMoney(ValuePerWin), "valuePerWin", "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.")
        .Require(IsMoney(DailyBudget), "dailyBudget", "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.")
        .Require(MinDwell >= TimeSpan.Zero && MinDwell <= TimeSpan.FromDays(30), "limits.minDwell", "outOfRange", "The dwell lies between 0 and 30 days.")
        .Require(ChangesPerHour is >= 1 and <= 60, "limits.changesPerHour", "outOfRange", "1 to 60 changes an hour.")
        .Require(Skills.Length <= Limits.SkillsMax && Skills.All(FieldErrors.IsKey), "skills", "invalidSkills", "At most 20 skills, each 1 to 64 letters, digits, '-', '_', '.' or ':'.")
        .All;

    /// <summary>Whether an amount may stand in a campaign or a lead.</summary>
    public static bool IsMoney(Money? money) =>
        money is null || (money.Amount is >= 0 and < 1_000_000_000m && money.Currency.Length == 3 && money.Currency.All(char.IsAsciiLetterUpper));
}

/// <summary>What a campaign is to do, and why.</summary>
/// <param name="Action">Run, ease or pause.</param>
/// <param name="Multiplier">Share of the budget, 0 to 1; 1 for run, 0 for pause.</param>
/// <param name="Reason">Why.</param>
public sealed record Signal(SpendAction Action, decimal Multiplier, Reason Reason)
{
    /// <summary>The signal of a new campaign.</summary>
    public static Signal Start { get; } = new(SpendAction.Run, 1, new Reason("start", "Nothing stands against spending."));

    /// <summary>Whether both ask for the same, whatever the reason.</summary>
    public bool SameAs(Signal? other) => other is not null && Action == other.Action && Multiplier == other.Multiplier;
}

/// <summary>What the plan wants a campaign to spend.</summary>
/// <param name="Share">Share of its budget, 0 to 1.</param>
/// <param name="Reason">Why.</param>
public sealed record Advice(decimal Share, Reason Reason)
{
    /// <summary>The advice to a new campaign.</summary>
    public static Advice Start { get; } = new(1, Signal.Start.Reason);
}

/// <summary>A human's word: it wins over the plan until it ends.</summary>
public sealed record HumanHold(SpendAction Action, string Why, DateTimeOffset? Until);

/// <summary>A day's cost as the platform reported it.</summary>
public sealed record DayCost(DateOnly Day, Money Amount, long Clicks, long Impressions);

/// <summary>What a consumer says it has applied.</summary>
public sealed record Acknowledgement(long Version, SpendAction Applied, DateTimeOffset At);

/// <summary>Money, outcomes and the spend signal of one campaign.</summary>
public sealed record CampaignState
{
    /// <summary>The signal in force: the machine's phase.</summary>
    public SpendAction Phase => Signal.Action;
    /// <summary>Whether anybody described it; one that was never described still counts its leads.</summary>
    public bool IsConfigured { get; init; }
    /// <summary>What it is.</summary>
    public CampaignProfile Profile { get; init; } = CampaignProfile.Default;
    /// <summary>The signal in force.</summary>
    public Signal Signal { get; init; } = Signal.Start;
    /// <summary>Since when.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>What the plan wants it to spend; the signal follows as dwell, limits, approval or a human allow.</summary>
    public Advice Advice { get; init; } = Advice.Start;
    /// <summary>A signal that waits for approval.</summary>
    public Signal? Proposed { get; init; }
    /// <summary>The last proposal that a human refused: it is not proposed again until the plan wants something else.</summary>
    public Signal? Refused { get; init; }
    /// <summary>A human's word.</summary>
    public HumanHold? Hold { get; init; }
    /// <summary>When the signal changed in the last hour, oldest first.</summary>
    public ImmutableArray<DateTimeOffset> Changes { get; init; } = [];
    /// <summary>Signals changed since it was new, or as good as new; the first needs no dwell.</summary>
    public int ChangesTotal { get; init; }
    /// <summary>Costs by day, oldest first.</summary>
    public ImmutableArray<DayCost> Costs { get; init; } = [];
    /// <summary>Outcomes counted, by <see cref="Outcome"/>.</summary>
    public ImmutableArray<long> Outcomes { get; init; } = [.. new long[Enum.GetValues<Outcome>().Length]];
    /// <summary>What became of its leads lately.</summary>
    public CampaignExperience Experience { get; init; } = CampaignExperience.None;
    /// <summary>Value of the deals won.</summary>
    public Money? WonValue { get; init; }
    /// <summary>What a consumer last said.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>Paused, and no lead ever came of it: it goes on as if it were new, at once and in one step.</summary>
    public bool IsPausedBeforeItBegan => Signal.Action is SpendAction.Pause && CountOf(Outcome.Captured) == 0;

    /// <summary>How often an outcome was counted.</summary>
    public long CountOf(Outcome outcome) => Outcomes[(int)outcome];
}
