using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>Where a salesperson's record stands.</summary>
public enum SalespersonPhase
{
    /// <summary>Never heard of.</summary>
    Unknown,
    /// <summary>One of the people.</summary>
    Active,
    /// <summary>Left; what was open went back to the queues.</summary>
    Removed,
}

/// <summary>What a person says of themselves right now.</summary>
public enum PresenceStatus
{
    /// <summary>Takes offers, within hours and outside spells of absence.</summary>
    Available,
    /// <summary>Back later; keeps work that has begun, takes no offers.</summary>
    Away,
    /// <summary>Gone for the day; keeps work that has begun, takes no offers.</summary>
    Offline,
}

/// <summary>One working spell of a week, by the wall clock of a time zone.</summary>
/// <param name="Day">The day it begins.</param>
/// <param name="From">Wall clock, inclusive.</param>
/// <param name="To">Wall clock, exclusive; not later than midnight, which is 24:00 given as 00:00.</param>
public sealed record WorkingHours(DayOfWeek Day, TimeOnly From, TimeOnly To);

/// <summary>A spell of time.</summary>
public readonly record struct Spell(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether the instant lies in it.</summary>
    public bool Contains(DateTimeOffset instant) => instant >= From && instant < To;

    /// <summary>How much of it lies between two instants.</summary>
    public TimeSpan Within(DateTimeOffset from, DateTimeOffset to)
    {
        var start = From > from ? From : from;
        var end = To < to ? To : to;
        return end > start ? end - start : TimeSpan.Zero;
    }
}

/// <summary>What a person offers to the business.</summary>
/// <param name="Pools">The pools they serve.</param>
/// <param name="WeeklyCapacity">Units of effort they begin in any seven days.</param>
/// <param name="Concurrent">Leads they hold at once, offers included.</param>
/// <param name="Skills">What they can do, sorted.</param>
/// <param name="TimeZone">Zone of the hours; null without hours.</param>
/// <param name="Hours">A week's working spells; empty means whenever available.</param>
/// <param name="Away">Spells of absence, by start.</param>
public sealed record SalespersonProfile(
    ImmutableArray<string> Pools, decimal WeeklyCapacity, int Concurrent, ImmutableArray<string> Skills,
    string? TimeZone, ImmutableArray<WorkingHours> Hours, ImmutableArray<Spell> Away)
{
    /// <summary>Nobody's profile.</summary>
    public static SalespersonProfile None { get; } = new([], 0, 0, [], null, [], []);

    /// <summary>Everything that is wrong with the profile, given the known zones.</summary>
    public IReadOnlyList<FieldError> Check(IWorld world)
    {
        var errors = new FieldErrors()
            .Require(Pools.Length is > 0 and <= Limits.PoolsMax, "pools", "invalidCount", "A person serves 1 to 20 pools.")
            .Require(WeeklyCapacity is >= 0 and <= Limits.WeeklyCapacityMax, "weeklyCapacity", "outOfRange", "A weekly capacity lies between 0 and 20,000 units.")
            .Require(Concurrent is >= 1 and <= Limits.ConcurrentMax, "concurrent", "outOfRange", "A person holds 1 to 1,000 leads at once.")
            .Require(Skills.Length <= Limits.SkillsMax && Skills.All(FieldErrors.IsKey), "skills", "invalidSkills", "At most 20 skills, each 1 to 64 letters, digits, '-', '_', '.' or ':'.")
            .Require(Hours.Length == 0 || (TimeZone is { } zone && world.KnowsZone(zone)), "hours.timeZone", "unknownTimeZone", "The time zone is not an IANA zone that we know.")
            .Require(Hours.Length <= Limits.HoursPerWeekMax, "hours.week", "invalidCount", "At most 21 working spells a week.")
            .Require(Hours.All(h => h.To == TimeOnly.MinValue || h.From < h.To), "hours.week", "endsBeforeStart", "A working spell ends after it starts.")
            .Require(Away.Length <= Limits.AwayMax, "away", "invalidCount", "At most 200 spells of absence.")
            .Require(Away.All(a => a.From < a.To), "away", "endsBeforeStart", "A spell of absence ends after it starts.");
        for (var i = 0; i < Pools.Length; i++) errors.RequireKey(Pools[i], $"pools[{i}]");
        return errors.All;
    }
}

/// <summary>A lead that a person holds.</summary>
/// <param name="LeadId">The lead.</param>
/// <param name="Stage">At which stage.</param>
/// <param name="Pool">For which pool.</param>
/// <param name="Effort">Units that it takes.</param>
/// <param name="Open">Accepted or assigned; otherwise only reserved by an offer.</param>
/// <param name="Since">Since when.</param>
/// <param name="Contacted">The first contact was made; the effort is spent.</param>
public sealed record HeldWork(string LeadId, string Stage, string Pool, decimal Effort, bool Open, DateTimeOffset Since, bool Contacted);

/// <summary>Effort debited from the weekly budget.</summary>
public readonly record struct Debit(string LeadId, decimal Effort, DateTimeOffset At);

/// <summary>One person's capacity.</summary>
public sealed record SalespersonState
{
    /// <summary>Where the record stands.</summary>
    public SalespersonPhase Phase { get; init; }
    /// <summary>What the person says.</summary>
    public PresenceStatus Status { get; init; }
    /// <summary>What they offer.</summary>
    public SalespersonProfile Profile { get; init; } = SalespersonProfile.None;
    /// <summary>Working spells ahead, in UTC; empty without hours.</summary>
    public ImmutableArray<Spell> Calendar { get; init; } = [];
    /// <summary>Leads held, oldest first.</summary>
    public ImmutableArray<HeldWork> Work { get; init; } = [];
    /// <summary>Effort begun in the last seven days, oldest first.</summary>
    public ImmutableArray<Debit> Debits { get; init; } = [];
    /// <summary>When capacity was last reserved; null when never.</summary>
    public DateTimeOffset? LastOfferedAt { get; init; }
    /// <summary>Works finished after a contact, for the mean below.</summary>
    public int Finished { get; init; }
    /// <summary>Decaying mean of the time from acceptance to completion, in seconds.</summary>
    public double WorkSecondsMean { get; init; }
    /// <summary>Rises with every change of capacity: of two reports the one with the higher revision is the newer one.</summary>
    public long Revision { get; init; }

    /// <summary>The lead's entry, or null.</summary>
    public HeldWork? Find(string leadId)
    {
        foreach (var held in Work)
        {
            if (held.LeadId == leadId) return held;
        }
        return null;
    }
}
