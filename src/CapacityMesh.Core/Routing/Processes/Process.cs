using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>What serves a pool's leads.</summary>
public enum PoolKind
{
    /// <summary>Salespeople: offered, accepted, worked.</summary>
    People,
    /// <summary>Delivery slots: held, booked, started.</summary>
    Slots,
}

/// <summary>One pool of a process.</summary>
public sealed record PoolDefinition(string Id, PoolKind Kind);

/// <summary>A step of the process.</summary>
/// <param name="Id">Unique within the process.</param>
/// <param name="Pool">The pool that serves it.</param>
/// <param name="Effort">Units of weekly capacity that one lead takes; above 0, at most 1,000; default 1.</param>
/// <param name="PassRate">Share of leads that go on, 0 to 1: the prior that outcomes correct.</param>
/// <param name="Promise">Longest wait from entering the stage until somebody serves the lead.</param>
/// <param name="FirstResponse">Longest time from acceptance to the first contact; work not contacted by then returns to the queue.</param>
/// <param name="Wins">Passing this stage wins the deal.</param>
/// <param name="FollowUp">How people are followed up while somebody has their lead in hand; null for not at all. Of stages of people only.</param>
public sealed record Stage(string Id, string Pool, decimal Effort, decimal PassRate, TimeSpan Promise, TimeSpan? FirstResponse = null, bool Wins = false, FollowUp? FollowUp = null);

/// <summary>Whether the gate acts on what it measures.</summary>
public enum GateMode
{
    /// <summary>Leads are admitted only while every pool has headroom.</summary>
    Enforce,
    /// <summary>Every lead is admitted; headroom, constraint and spend plan are measured all the same. For the first weeks with a new process.</summary>
    Observe,
}

/// <summary>How many leads wait at the gate, and for how long.</summary>
/// <param name="Limit">Leads; beyond it they are deflected; default 200.</param>
/// <param name="Expires">Longest wait before a lead expires; default 14 days.</param>
public sealed record WaitlistRules(int Limit, TimeSpan Expires)
{
    /// <summary>200 leads, 14 days.</summary>
    public static WaitlistRules Default { get; } = new(200, TimeSpan.FromDays(14));
}

/// <summary>
/// A published version of a workspace's process. A version never changes, and a lead ends on the version that it began on.
/// </summary>
/// <param name="Version">Rises by one with each publication; 0 is the empty process of a new workspace.</param>
/// <param name="Pools">The pools, in the order the board shows them.</param>
/// <param name="Stages">The steps, in the order a lead takes them.</param>
/// <param name="Risk">Accepted chance that an admitted lead finds a promise broken, 0.001 to 0.5; default 0.1.</param>
/// <param name="OfferTimeout">How long a person has to answer an offer; default 5 minutes.</param>
/// <param name="HoldTimeout">How long a slot stays held for a lead that nobody books; default 1 day.</param>
/// <param name="WorkLease">How long accepted work may rest without any activity before it returns to the queue; default 14 days.</param>
/// <param name="ReofferAfter">How long a person is not offered a lead again that they let go; default 1 hour.</param>
/// <param name="Waitlist">Rules of the waitlist.</param>
/// <param name="Gate">Enforce, the default, or observe.</param>
public sealed record Process(
    int Version,
    ImmutableArray<PoolDefinition> Pools,
    ImmutableArray<Stage> Stages,
    decimal Risk,
    TimeSpan OfferTimeout,
    TimeSpan HoldTimeout,
    TimeSpan WorkLease,
    TimeSpan ReofferAfter,
    WaitlistRules Waitlist,
    GateMode Gate = GateMode.Enforce)
{
    /// <summary>The process of a new workspace: no stages, so that every lead waits.</summary>
    public static Process Empty { get; } = new(0, [], [], 0.1m, DefaultOfferTimeout, DefaultHoldTimeout, DefaultWorkLease, DefaultReofferAfter, WaitlistRules.Default);

    /// <summary>5 minutes.</summary>
    public static TimeSpan DefaultOfferTimeout => TimeSpan.FromMinutes(5);
    /// <summary>1 day.</summary>
    public static TimeSpan DefaultHoldTimeout => TimeSpan.FromDays(1);
    /// <summary>14 days.</summary>
    public static TimeSpan DefaultWorkLease => TimeSpan.FromDays(14);
    /// <summary>1 hour.</summary>
    public static TimeSpan DefaultReofferAfter => TimeSpan.FromHours(1);

    /// <summary>Position of a stage, or -1.</summary>
    public int IndexOf(string stage)
    {
        for (var i = 0; i < Stages.Length; i++)
        {
            if (Stages[i].Id == stage) return i;
        }
        return -1;
    }

    /// <summary>Kind of a pool that the process names.</summary>
    public PoolKind KindOf(string pool) => Pools.First(p => p.Id == pool).Kind;

    /// <summary>Everything that is wrong with the definition; empty when it may be published.</summary>
    public IReadOnlyList<FieldError> Check()
    {
        var errors = new FieldErrors()
            .Require(Pools.Length is > 0 and <= Limits.PoolsMax, "pools", "invalidCount", "A process has 1 to 20 pools.")
            .Require(Stages.Length is > 0 and <= Limits.StagesMax, "stages", "invalidCount", "A process has 1 to 20 stages.")
            .Require(Risk is >= 0.001m and <= 0.5m, "risk", "outOfRange", "The risk lies between 0.001 and 0.5.")
            .Require(IsLease(OfferTimeout), "offerTimeout", "outOfRange", "An offer lasts at least a second and at most ten years.")
            .Require(IsLease(HoldTimeout), "holdTimeout", "outOfRange", "A hold lasts at least a second and at most ten years.")
            .Require(IsLease(WorkLease), "workLease", "outOfRange", "A work lease lasts at least a second and at most ten years.")
            .Require(ReofferAfter >= TimeSpan.Zero && ReofferAfter <= Limits.DurationMax, "reofferAfter", "outOfRange", "At most ten years.")
            .Require(Waitlist.Limit is >= 0 and <= Limits.WaitlistMax, "waitlist.limit", "outOfRange", "A waitlist holds 0 to 100,000 leads.")
            .Require(IsLease(Waitlist.Expires), "waitlist.expires", "outOfRange", "At least a second and at most ten years.");
        for (var i = 0; i < Pools.Length; i++)
        {
            errors.RequireKey(Pools[i].Id, $"pools[{i}].id")
                .Require(Pools.Count(p => p.Id == Pools[i].Id) == 1, $"pools[{i}].id", "duplicate", "Two pools have this id.");
        }
        for (var i = 0; i < Stages.Length; i++) CheckStage(errors, i);
        return errors.All;
    }

    private void CheckStage(FieldErrors errors, int index)
    {
        var stage = Stages[index];
        var field = $"stages[{index}]";
        errors.RequireKey(stage.Id, $"{field}.id")
            .Require(Stages.Count(s => s.Id == stage.Id) == 1, $"{field}.id", "duplicate", "Two stages have this id.")
            .Require(Pools.Any(p => p.Id == stage.Pool), $"{field}.pool", "unknownPool", "The stage names no pool of this process.")
            .Require(stage.Effort is > 0 and <= 1_000, $"{field}.effort", "outOfRange", "The effort lies above 0 and up to 1,000 units.")
            .Require(stage.PassRate is >= 0 and <= 1, $"{field}.passRate", "outOfRange", "A pass rate lies between 0 and 1.")
            .Require(IsLease(stage.Promise), $"{field}.promise", "outOfRange", "A promise is at least a second and at most ten years.")
            .Require(stage.FirstResponse is not { } first || IsLease(first), $"{field}.firstResponse", "outOfRange", "At least a second and at most ten years.")
            .Require(stage.FollowUp is null || Pools.Any(p => p.Id == stage.Pool && p.Kind is PoolKind.People), $"{field}.followUp", "stageOfSlots", "Only a stage of people follows up.");
        stage.FollowUp?.Check($"{field}.followUp", stage.FirstResponse, errors);
    }

    private static bool IsLease(TimeSpan span) => span >= TimeSpan.FromSeconds(1) && span <= Limits.DurationMax;
}
