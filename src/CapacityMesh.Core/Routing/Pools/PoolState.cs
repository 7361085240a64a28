using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>Whether a pool exists.</summary>
public enum PoolPhase
{
    /// <summary>No process names it yet; leads may wait in it all the same.</summary>
    Unknown,
    /// <summary>A process names it.</summary>
    Active,
}

/// <summary>A lead in a pool's care.</summary>
/// <param name="LeadId">The lead.</param>
/// <param name="Stage">At which stage.</param>
/// <param name="StageIndex">Index of the stage in the lead's process.</param>
/// <param name="Place">When it entered the stage: its place, kept when it is re-queued.</param>
/// <param name="Process">The process version that it runs on.</param>
/// <param name="Effort">Units that it takes.</param>
/// <param name="Skills">Skills that it asks for, sorted.</param>
/// <param name="AdmittedAt">When the gate let it in.</param>
public sealed record QueuedLead(
    string LeadId, string Stage, int StageIndex, DateTimeOffset Place, int Process, decimal Effort, ImmutableArray<string> Skills, DateTimeOffset AdmittedAt)
{
    /// <summary>It comes from the gate, not from an earlier stage or a reopening.</summary>
    public bool FromGate { get; init; }

    /// <summary>Who let it go at this stage, and when.</summary>
    public ImmutableArray<LetGo> LetGo { get; init; } = [];

    /// <summary>The line it waits in: leads of one line can be served by the same people.</summary>
    public string Line => Skills.IsEmpty ? Stage : $"{Stage}|{string.Join(',', Skills)}";
}

/// <summary>A person let a lead go, by declining, not answering, or giving it back.</summary>
public readonly record struct LetGo(string Person, DateTimeOffset At);

/// <summary>What a pool knows of one of its people: the newest report, less what it has handed out since.</summary>
/// <param name="Takes">Takes offers now.</param>
/// <param name="Free">Leads that still fit.</param>
/// <param name="Concurrent">Leads that fit at most.</param>
/// <param name="Budget">Units left of the weekly budget.</param>
/// <param name="Weekly">Units a week that this pool may count on.</param>
/// <param name="LastOfferedAt">When they were last given something.</param>
/// <param name="Skills">What they can do.</param>
/// <param name="Startable">Units they can begin within each of <see cref="Horizons"/>.</param>
/// <param name="Revision">Rises with every change of their capacity: an older report changes nothing.</param>
public sealed record MemberReport(
    bool Takes, int Free, int Concurrent, decimal Budget, decimal Weekly, DateTimeOffset? LastOfferedAt, ImmutableArray<string> Skills, ImmutableArray<decimal> Startable, long Revision = 0);

/// <summary>What a pool knows of one of its slots.</summary>
public sealed record SlotReport(SlotPhase Phase, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A lead that somebody or some slot has, or is being asked to take.</summary>
public sealed record PlacedLead(QueuedLead Lead, string Holder, DateTimeOffset Since);

/// <summary>Counts of one stage, and what its outcomes taught (<see cref="PassRateLearning"/>).</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="Queued">Leads that wait.</param>
/// <param name="Placed">Leads offered, or with a held slot.</param>
/// <param name="Working">Leads being worked.</param>
/// <param name="Passed">Outcomes before the recent ones, fading.</param>
/// <param name="Lost">Outcomes before the recent ones, fading.</param>
/// <param name="PassedTotal">Outcomes ever.</param>
/// <param name="LostTotal">Outcomes ever.</param>
/// <param name="PriorWeight">What the configured rate still counts, 1 at first.</param>
/// <param name="Recent">The recent outcomes one by one, the newest in the lowest bit; 1 for passed.</param>
/// <param name="RecentCount">How many they are, at most <see cref="PassRateLearning.RecentMost"/>.</param>
/// <param name="StepBelieved">How far it is believed that the rate stepped among them, 0 to 1.</param>
/// <param name="StepRate">The rate if it did.</param>
public sealed record StageCounts(
    string Stage, int Queued, int Placed, int Working, double Passed, double Lost, long PassedTotal, long LostTotal, double PriorWeight = 1,
    UInt128 Recent = default, int RecentCount = 0, double StepBelieved = 0, double StepRate = 0)
{
    /// <summary>A stage nobody has entered.</summary>
    public static StageCounts None(string stage) => new(stage, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>The queue in front of one resource, and who is offered what.</summary>
public sealed record PoolState
{
    /// <summary>Whether it exists.</summary>
    public PoolPhase Phase { get; init; }
    /// <summary>What serves it.</summary>
    public PoolKind Kind { get; init; }
    /// <summary>How long an offer stands.</summary>
    public TimeSpan OfferTimeout { get; init; } = Process.DefaultOfferTimeout;
    /// <summary>How long a slot is held.</summary>
    public TimeSpan HoldTimeout { get; init; } = Process.DefaultHoldTimeout;
    /// <summary>How long a person is not offered a lead again that they let go.</summary>
    public TimeSpan ReofferAfter { get; init; } = Process.DefaultReofferAfter;
    /// <summary>Its people.</summary>
    public ImmutableSortedDictionary<string, MemberReport> Members { get; init; } = Empty<MemberReport>();
    /// <summary>Its slots, those whose time is not over.</summary>
    public ImmutableSortedDictionary<string, SlotReport> Slots { get; init; } = Empty<SlotReport>();
    /// <summary>Who waits.</summary>
    public WaitingLines Waiting { get; init; } = WaitingLines.None;
    /// <summary>Leads offered, or held a slot for.</summary>
    public ImmutableSortedDictionary<string, PlacedLead> Placed { get; init; } = Empty<PlacedLead>();
    /// <summary>Leads being worked, booked or delivered.</summary>
    public ImmutableSortedDictionary<string, PlacedLead> Working { get; init; } = Empty<PlacedLead>();
    /// <summary>Counts by stage.</summary>
    public ImmutableSortedDictionary<string, StageCounts> Stages { get; init; } = Empty<StageCounts>();
    /// <summary>Leads that ever entered here from the gate.</summary>
    public long ArrivedFromGate { get; init; }
    /// <summary>Promises broken here, ever.</summary>
    public long PromisesBroken { get; init; }
    /// <summary>Leads that ever entered, from anywhere.</summary>
    public long Arrivals { get; init; }
    /// <summary>Decaying mean of the time from admission to arrival, in seconds; 0 before the first arrival.</summary>
    public double ArrivalSecondsMean { get; init; }
    /// <summary>Decaying mean of the wait from arrival until taken, in seconds; 0 before the first.</summary>
    public double WaitSecondsMean { get; init; }
    /// <summary>When the pool will look again because somebody may be asked again; null when nobody cools down.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    internal static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
