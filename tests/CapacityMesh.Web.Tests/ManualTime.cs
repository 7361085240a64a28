namespace CapacityMesh.Web.Tests;

/// <summary>A machine's clock that goes only when told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref now), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref now);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan span) => Interlocked.Add(ref now, span.Ticks);
}
