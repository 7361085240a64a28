namespace CapacityMesh.Testing;

/// <summary>A machine's clock that goes only when told to; its wall can be set apart from its steady pace.</summary>
public sealed class ManualTime : TimeProvider
{
    private long steady;
    private long wall = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref wall), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref steady);

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan span)
    {
        Interlocked.Add(ref steady, span.Ticks);
        Interlocked.Add(ref wall, span.Ticks);
    }

    /// <summary>Somebody sets the wall clock; no time passes.</summary>
    public void SetWall(TimeSpan by) => Interlocked.Add(ref wall, by.Ticks);
}
