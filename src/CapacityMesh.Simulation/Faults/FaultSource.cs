using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Faults;

/// <summary>What the journal does with a batch.</summary>
public enum JournalFate
{
    /// <summary>Its work.</summary>
    Works,
    /// <summary>Refuses; nothing is written.</summary>
    Refuses,
    /// <summary>Writes, and fails before it can say so.</summary>
    WritesAndFails,
}

/// <summary>Draws faults from streams of the seed until they are switched off for the liveness phase.</summary>
public sealed class FaultSource(FaultPlan plan, SeedStreams seeds)
{
    private static readonly TimeSpan JumpMost = TimeSpan.FromMinutes(15);

    private readonly SimRandom crashes = seeds["fault/crash"];
    private readonly SimRandom journal = seeds["fault/journal"];
    private readonly SimRandom delays = seeds["fault/delay"];
    private readonly SimRandom calls = seeds["fault/call"];
    private readonly SimRandom clocks = seeds["fault/clock"];
    private readonly SimRandom ways = seeds["fault/way"];

    /// <summary>What may go wrong.</summary>
    public FaultPlan Plan { get; private set; } = plan;

    /// <summary>From now on nothing goes wrong; the number of hosts stays.</summary>
    public void SwitchOff() => Plan = FaultPlan.None with { Hosts = Plan.Hosts, BatchTurnsMax = Plan.BatchTurnsMax, LiveMax = Plan.LiveMax };

    /// <summary>Whether a host dies at this point.</summary>
    public bool Crashes() => Happens(crashes, Plan.Crash);

    /// <summary>Whether something that a dying host had sent still arrives.</summary>
    public bool StillArrives() => crashes.Chance(0.5);

    /// <summary>How long a host stays down: longer than what it had sent is on its way, as a journal that one process owns has it.</summary>
    public TimeSpan Down() => Plan.LatencyMost + crashes.Between(TimeSpan.FromSeconds(1), Plan.DownMost);

    /// <summary>What becomes of a batch.</summary>
    public JournalFate Fate() => Happens(journal, Plan.Refusal) ? JournalFate.Refuses : Happens(journal, Plan.LostAcknowledgement) ? JournalFate.WritesAndFails : JournalFate.Works;

    /// <summary>One way of a commit.</summary>
    public TimeSpan Latency() => Delay(Plan.LatencyMost);

    /// <summary>One read of an entity; mostly at once.</summary>
    public TimeSpan Load() => Plan.LoadMost > TimeSpan.Zero && delays.Chance(0.3) ? Delay(Plan.LoadMost) : TimeSpan.Zero;

    /// <summary>One way between whoever asks and a host.</summary>
    public TimeSpan Way() => TimeSpan.FromMilliseconds(1) + Delay(Plan.LatencyMost / 4);

    /// <summary>Whether an answer gets lost.</summary>
    public bool LosesAnswer() => Happens(calls, Plan.LostAnswer);

    /// <summary>Whether a request is sent twice.</summary>
    public bool AsksTwice() => Happens(calls, Plan.AskedTwice);

    /// <summary>Whether an effect is delivered once more.</summary>
    public bool DeliversTwice() => Happens(journal, Plan.EffectTwice);

    /// <summary>How long an effect waits on its way; mostly not at all.</summary>
    public TimeSpan OnItsWay() => Happens(ways, Plan.EffectLate) ? ways.Between(TimeSpan.FromMilliseconds(1), Plan.EffectLateMost) : TimeSpan.Zero;

    /// <summary>Whether reports wait for a later batch.</summary>
    public bool LeavesReports() => Happens(ways, Plan.ReportsLate);

    /// <summary>Which of so many.</summary>
    public int Which(int count) => count <= 1 ? 0 : calls.Below(count);

    /// <summary>How far a starting host's clock is off.</summary>
    public TimeSpan Skew() => clocks.Between(-Plan.SkewMost, Plan.SkewMost);

    /// <summary>How far a clock jumps, this hour; zero when it does not.</summary>
    public TimeSpan Jump() => Happens(clocks, Plan.Jump) ? clocks.Between(-JumpMost, JumpMost) : TimeSpan.Zero;

    private TimeSpan Delay(TimeSpan most) => most <= TimeSpan.Zero ? TimeSpan.Zero : most * Math.Pow(delays.NextUnit(), 3);

    private static bool Happens(SimRandom chance, double rate) => rate > 0 && chance.Chance(rate);
}
