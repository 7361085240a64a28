using System.Collections.Immutable;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>Whether the gate lets leads in.</summary>
public enum GatePhase
{
    /// <summary>Leads wait.</summary>
    Closed,
    /// <summary>Leads are admitted while headroom lasts.</summary>
    Open,
}

/// <summary>What one pool can still take.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="Headroom">New leads that may be promised now: it could serve them early within its promise at the process's risk, or needs them to stay busy.</param>
/// <param name="Window">Time ahead that was looked at: the time a lead needs to get here, plus the early part of the promise.</param>
/// <param name="Capacity">Units that can be begun within the window.</param>
/// <param name="Committed">Mean units of work on its way within the window.</param>
/// <param name="UnitLoad">Mean units that a new lead brings here.</param>
/// <param name="SustainablePerWeek">New leads a week that this pool can carry in the long run.</param>
public sealed record PoolHeadroom(string Pool, int Headroom, TimeSpan Window, decimal Capacity, decimal Committed, decimal UnitLoad, decimal SustainablePerWeek)
{
    /// <summary>Share of the window's capacity that is committed, 0 and up.</summary>
    public decimal Utilization => Capacity > 0 ? decimal.Round(Committed / Capacity, 3) : Committed > 0 ? 9.999m : 1;
}

/// <summary>The bottleneck.</summary>
/// <param name="Pool">Which pool.</param>
/// <param name="Since">Since when.</param>
/// <param name="Explanation">Why, in one sentence.</param>
/// <param name="NextPool">The pool that would be next; null when there is no other.</param>
/// <param name="NextHeadroom">Its headroom.</param>
public sealed record Constraint(string Pool, DateTimeOffset Since, string Explanation, string? NextPool, int? NextHeadroom);

/// <summary>A move of the constraint.</summary>
public sealed record ConstraintMove(DateTimeOffset At, string? From, string To, string Explanation);

/// <summary>A campaign as it stands in the spend table.</summary>
public sealed record CampaignReport(
    string Campaign, string Channel, Money? ValuePerWin, OnSilence OnSilence, SpendMode Mode, Signal Signal, DateTimeOffset Since, Signal? Proposed, HumanHold? Hold,
    CampaignExperience? Experience = null);

/// <summary>What a campaign brings: leads a day over the last days, and the demand behind them.</summary>
/// <param name="Days">Arrivals on each of the last days; the newest last.</param>
/// <param name="LastDay">Number of the newest day since 0001-01-01.</param>
/// <param name="FirstSeen">When its first lead came.</param>
/// <param name="DemandPerWeek">Leads a week that it would bring with its full budget, as last seen while it ran.</param>
/// <param name="DelaySeconds">Mean time from the click or the form to the lead's arrival here; grows from 0 with each lead, never from one alone.</param>
/// <param name="MultiplierBefore">The signal's multiplier before the present one.</param>
public sealed record CampaignInflow(ImmutableArray<int> Days, int LastDay, DateTimeOffset FirstSeen, decimal DemandPerWeek, double DelaySeconds = 0, decimal MultiplierBefore = 1)
{
    // A tenth of the difference with each lead.
    private const double DelayGain = 0.1;


    /// <summary>Days kept.</summary>
    public const int DaysKept = 7;

    /// <summary>Nothing yet.</summary>
    public static CampaignInflow None(DateTimeOffset now) => new([.. new int[DaysKept]], DayOf(now), now, 0);

    /// <summary>Number of an instant's day.</summary>
    public static int DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).DayNumber;

    /// <summary>The days up to an instant, empty ones included.</summary>
    public CampaignInflow UpTo(DateTimeOffset at)
    {
        var passed = Math.Clamp(DayOf(at) - LastDay, 0, DaysKept);
        return passed == 0 ? this : this with { Days = [.. Days.Skip(passed), .. new int[passed]], LastDay = DayOf(at) };
    }

    /// <summary>With one more arrival, so many seconds after its click.</summary>
    public CampaignInflow Plus(DateTimeOffset at, double delaySeconds)
    {
        var now = UpTo(at);
        return now with { Days = now.Days.SetItem(DaysKept - 1, now.Days[DaysKept - 1] + 1), DelaySeconds = DelaySeconds + (DelayGain * (delaySeconds - DelaySeconds)) };
    }

    /// <summary>
    /// Leads in flight that the present signal would not bring: clicked under the signal before, not yet here. Negative when less was let through then.
    /// </summary>
    /// <param name="signal">The present signal.</param>
    /// <param name="since">Since when it holds.</param>
    /// <param name="demandPerWeek">Leads a week at the full budget.</param>
    /// <param name="now">The instant.</param>
    public decimal InFlightOfBefore(Signal signal, DateTimeOffset since, decimal demandPerWeek, DateTimeOffset now)
    {
        var still = DelaySeconds - (now - since).TotalSeconds;
        return still <= 0 ? 0 : demandPerWeek * (MultiplierBefore - signal.Multiplier) * (decimal)(still / TimeSpan.FromDays(7).TotalSeconds);
    }

    /// <summary>Arrivals a week, from what was seen; half a week is looked at even when less was seen, so that two leads in an hour are not a flood.</summary>
    public decimal PerWeek(DateTimeOffset now)
    {
        var seen = Math.Clamp((decimal)(now - FirstSeen).TotalDays, DaysKept / 2m, DaysKept);
        return decimal.Round(UpTo(now).Days.Sum() * 7 / seen, 2);
    }

    /// <summary>
    /// The demand that was last seen, fading by a tenth with each day without a lead, down to a fifth: what a paused campaign would bring is less and
    /// less certain, and a campaign that is never tried again is never known.
    /// </summary>
    public decimal Remembered(DateTimeOffset now)
    {
        var share = 1m;
        for (var day = LastDay; day < DayOf(now) && share > 0.2m; day++) share *= 0.9m;
        return decimal.Round(DemandPerWeek * share, 2);
    }
}

/// <summary>Leads and capacity in one hour.</summary>
public sealed record InflowBucket(DateTimeOffset At, int Captured, int Admitted, decimal SustainablePerWeek);

/// <summary>Counts since the workspace began.</summary>
public sealed record FlowTotals(long Captured, long Admitted, long Waitlisted, long Deflected, long LeftWaitlist);

/// <summary>Counts, headroom, gate, constraint and spend plan of one workspace.</summary>
public sealed record FlowState
{
    /// <summary>Whether the gate is open.</summary>
    public GatePhase Phase { get; init; }
    /// <summary>The newest process.</summary>
    public Process Process { get; init; } = Process.Empty;
    /// <summary>Every process ever published, by version: leads end on the one they began on.</summary>
    public ImmutableSortedDictionary<int, Process> Versions { get; init; } = ImmutableSortedDictionary<int, Process>.Empty;
    /// <summary>The pools' newest facts.</summary>
    public ImmutableSortedDictionary<string, PoolReport> Pools { get; init; } = PoolState.Empty<PoolReport>();
    /// <summary>Leads ever sent from the gate to each pool.</summary>
    public ImmutableSortedDictionary<string, long> SentTo { get; init; } = PoolState.Empty<long>();
    /// <summary>What each pool can still take.</summary>
    public ImmutableArray<PoolHeadroom> Headroom { get; init; } = [];
    /// <summary>Leads admitted since the headroom was measured: it is less by them.</summary>
    public int AdmittedSince { get; init; }
    /// <summary>The bottleneck; null before anything is known.</summary>
    public Constraint? Constraint { get; init; }
    /// <summary>Where it was before, oldest first.</summary>
    public ImmutableList<ConstraintMove> Moves { get; init; } = [];
    /// <summary>Who waits at the gate.</summary>
    public Waitlist Waitlist { get; init; } = Waitlist.None;
    /// <summary>Campaigns in the spend table.</summary>
    public ImmutableSortedDictionary<string, CampaignReport> Campaigns { get; init; } = PoolState.Empty<CampaignReport>();
    /// <summary>What each campaign brings.</summary>
    public ImmutableSortedDictionary<string, CampaignInflow> Inflow { get; init; } = PoolState.Empty<CampaignInflow>();
    /// <summary>Share of its budget that the plan wants each campaign to spend.</summary>
    public ImmutableSortedDictionary<string, decimal> Plan { get; init; } = PoolState.Empty<decimal>();
    /// <summary>Version of the spend table; rises with every change.</summary>
    public long SpendVersion { get; init; }
    /// <summary>Counts.</summary>
    public FlowTotals Totals { get; init; } = new(0, 0, 0, 0, 0);
    /// <summary>The hour that is running.</summary>
    public InflowBucket? ThisHour { get; init; }
    /// <summary>The hours before, oldest first.</summary>
    public ImmutableList<InflowBucket> Hours { get; init; } = [];

    /// <summary>Leads that the gate can still let in: the least headroom of the pools, less what was let in since; no end of them while it only observes.</summary>
    public int Admissible => Process is { Version: > 0, Gate: GateMode.Observe } ? PoolLoad.HeadroomMax : Headroom.IsEmpty ? 0 : Math.Max(0, Headroom.Min(h => h.Headroom) - AdmittedSince);

    /// <summary>New leads a week that the whole system can carry; 0 when nothing is known.</summary>
    public decimal SustainablePerWeek => Headroom.IsEmpty ? 0 : Headroom.Min(h => h.SustainablePerWeek);
}
