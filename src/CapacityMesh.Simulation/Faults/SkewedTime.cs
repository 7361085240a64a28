using CapacityMesh.Simulation.Swarm;

namespace CapacityMesh.Simulation.Faults;

/// <summary>A machine's time over virtual time: its wall clock is off and may jump, its timer is steady.</summary>
internal sealed class SkewedTime(Timeline time, TimeSpan skew) : TimeProvider
{
    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan Skew { get; set; } = skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => time.Now + Skew;

    public override long GetTimestamp() => time.Now.UtcTicks;
}
