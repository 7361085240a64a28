namespace CapacityMesh.Runtime.Hosting;

/// <summary>
/// The host's clock. It never goes backwards: when the machine's clock is set back, it goes on at its own pace from where it was until the
/// machine's clock has caught up; when the machine's clock is set forward, it follows at once, as after a sleep.
/// </summary>
/// <param name="time">The machine's time.</param>
/// <param name="speed">How many seconds pass here in one second there; 1 but for demonstrations.</param>
public sealed class MeshClock(TimeProvider time, double speed = 1)
{
    private readonly DateTimeOffset origin = time.GetUtcNow();
    private readonly Lock gate = new();
    private DateTimeOffset last = time.GetUtcNow();
    private long lastStamp = time.GetTimestamp();

    /// <summary>Speed of this clock against the machine's.</summary>
    public double Speed { get; } = speed > 0 ? speed : throw new ArgumentOutOfRangeException(nameof(speed), "A clock goes forward.");

    /// <summary>Now, UTC.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (gate)
            {
                var stamp = time.GetTimestamp();
                var steady = last + (time.GetElapsedTime(lastStamp, stamp) * Speed);
                var wall = origin + ((time.GetUtcNow() - origin) * Speed);
                lastStamp = stamp;
                return last = wall > steady ? wall : steady;
            }
        }
    }

    /// <summary>How long the machine must wait until this clock shows the instant.</summary>
    public TimeSpan Until(DateTimeOffset instant)
    {
        var left = (instant - Now) / Speed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
