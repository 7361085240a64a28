using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Faults;

/// <summary>Where a host may die within its turn.</summary>
public enum CrashPoint
{
    /// <summary>While turns gather in memory.</summary>
    Gathering,
    /// <summary>The batch is closed; the journal has not heard of it.</summary>
    BeforeCommit,
    /// <summary>The journal has it; nobody else knows.</summary>
    BeforeDispatch,
    /// <summary>Followers were told; whoever asked was not.</summary>
    BeforeAnswers,
}

/// <summary>What goes wrong in one run, and how often: drawn once per seed, so that runs differ in kind and not only in degree.</summary>
public sealed record FaultPlan
{
    /// <summary>Chance of dying at each crash point passed.</summary>
    public double Crash { get; init; }
    /// <summary>Longest time that a dead host stays down.</summary>
    public TimeSpan DownMost { get; init; }
    /// <summary>Chance that an answer does not reach whoever asked.</summary>
    public double LostAnswer { get; init; }
    /// <summary>Chance that a request is sent twice at once.</summary>
    public double AskedTwice { get; init; }
    /// <summary>Chance, per batch, that an effect that had its turn is delivered once more.</summary>
    public double EffectTwice { get; init; }
    /// <summary>Chance that the journal refuses a batch and writes nothing.</summary>
    public double Refusal { get; init; }
    /// <summary>Chance that the journal writes a batch and fails all the same.</summary>
    public double LostAcknowledgement { get; init; }
    /// <summary>Longest time that a commit takes, each way.</summary>
    public TimeSpan LatencyMost { get; init; }
    /// <summary>Longest time that reading an entity takes; effects wait for it.</summary>
    public TimeSpan LoadMost { get; init; }
    /// <summary>Hosts over the one journal, each able to hold any entity.</summary>
    public int Hosts { get; init; } = 1;
    /// <summary>How far a host's clock may be off, either way.</summary>
    public TimeSpan SkewMost { get; init; }
    /// <summary>Chance, per hour and host, that its clock jumps.</summary>
    public double Jump { get; init; }
    /// <summary>Turns of one batch: few of them leave effects in the outbox.</summary>
    public int BatchTurnsMax { get; init; } = 20_000;
    /// <summary>Entities kept in memory.</summary>
    public int LiveMax { get; init; } = 100_000;

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>Draws which faults a seed has, and their rates: each is off about half the time.</summary>
    public static FaultPlan Draw(SimRandom chance) => new()
    {
        Crash = Rate(chance, 0.004),
        DownMost = TimeSpan.FromMinutes(1 + chance.Below(30)),
        LostAnswer = Rate(chance, 0.2),
        AskedTwice = Rate(chance, 0.2),
        EffectTwice = Rate(chance, 0.05),
        Refusal = Rate(chance, 0.03),
        LostAcknowledgement = Rate(chance, 0.02),
        LatencyMost = chance.Chance(0.5) ? TimeSpan.FromMilliseconds(1 + chance.Below(3_000)) : TimeSpan.Zero,
        LoadMost = chance.Chance(0.5) ? TimeSpan.FromMilliseconds(1 + chance.Below(2_000)) : TimeSpan.Zero,
        Hosts = chance.Chance(0.5) ? 2 : 1,
        SkewMost = chance.Chance(0.5) ? TimeSpan.FromSeconds(1 + chance.Below(120)) : TimeSpan.Zero,
        Jump = Rate(chance, 0.1),
        BatchTurnsMax = chance.Chance(0.5) ? 3 + chance.Below(30) : 20_000,
        LiveMax = chance.Chance(0.5) ? 4 + chance.Below(30) : 100_000,
    };

    private static double Rate(SimRandom chance, double most) => chance.Chance(0.5) ? most * (0.1 + (0.9 * chance.NextUnit())) : 0;
}
