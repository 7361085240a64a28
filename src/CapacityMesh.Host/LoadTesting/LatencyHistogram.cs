using System.Numerics;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>
/// Counts of latencies in buckets that grow with their value: 64 to each power of two of microseconds, so that every percentile is right to 1.6 %.
/// Safe for concurrent use.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;
    // Up to 2^36 µs: 19 hours.
    private const int Powers = 36;
    private readonly long[] counts = new long[(Powers - SubBits + 1) * Sub];
    private long total;
    private long max;

    /// <summary>Latencies counted.</summary>
    public long Count => Interlocked.Read(ref total);

    /// <summary>The longest.</summary>
    public TimeSpan Max => TimeSpan.FromMicroseconds(Interlocked.Read(ref max));

    /// <summary>Counts one; below zero counts as zero.</summary>
    public void Add(TimeSpan latency)
    {
        var micros = Math.Clamp((long)latency.TotalMicroseconds, 0, (1L << Powers) - 1);
        Interlocked.Increment(ref counts[IndexOf(micros)]);
        Interlocked.Increment(ref total);
        for (var seen = Interlocked.Read(ref max); micros > seen; seen = Interlocked.Read(ref max)) Interlocked.CompareExchange(ref max, micros, seen);
    }

    /// <summary>The latency that this share, 0 to 1, of all does not exceed; zero when nothing was counted.</summary>
    public TimeSpan At(double share)
    {
        var count = Count;
        if (count == 0) return TimeSpan.Zero;
        var rank = Math.Max(1, (long)Math.Ceiling(share * count));
        for (var (i, seen) = (0, 0L); i < counts.Length; i++)
        {
            seen += Interlocked.Read(ref counts[i]);
            if (seen >= rank) return TimeSpan.FromMicroseconds(Math.Min(UpperOf(i), Interlocked.Read(ref max)));
        }
        return Max;
    }

    private static int IndexOf(long micros)
    {
        if (micros < Sub) return (int)micros;
        var power = BitOperations.Log2((ulong)micros) - SubBits;
        return ((power + 1) * Sub) + (int)((micros >> power) - Sub);
    }

    private static long UpperOf(int index)
    {
        if (index < Sub) return index;
        var power = (index / Sub) - 1;
        return ((long)(index % Sub) + Sub + 1 << power) - 1;
    }
}
