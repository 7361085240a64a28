namespace CapacityMesh.Simulation.Chance;

/// <summary>
/// xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64: the same numbers on every machine and every version of the platform, which
/// System.Random does not promise.
/// </summary>
public sealed class SimRandom
{
    private ulong a, b, c, d;

    /// <summary>A generator from a seed.</summary>
    public SimRandom(ulong seed)
    {
        a = SplitMix(ref seed);
        b = SplitMix(ref seed);
        c = SplitMix(ref seed);
        d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = ulong.RotateLeft(b * 5, 7) * 9;
        var shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = ulong.RotateLeft(d, 45);
        return result;
    }

    /// <summary>At least 0 and below 1, in steps of 2^-53.</summary>
    public double NextUnit() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>At least 0 and below the bound.</summary>
    public int Below(int bound) => (int)(NextUnit() * bound);

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>True with that chance.</summary>
    public bool Chance(double chance) => NextUnit() < chance;

    /// <summary>A time between two, evenly.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * NextUnit());

    /// <summary>A gap of a Poisson stream with that mean.</summary>
    public TimeSpan Gap(TimeSpan mean) => mean * -Math.Log(1 - NextUnit());

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
