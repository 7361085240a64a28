using System.Security.Cryptography;

namespace CapacityMesh.Web.Capture;

/// <summary>
/// Ids of leads and contacts: 26 characters of Crockford's base 32 in lower case, 48 bits of time, then 80 random bits. Rising within a process, so
/// that a list by id is a list by age.
/// </summary>
internal sealed class TimeOrderedIds
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private readonly Lock turn = new();
    private long time;
    private UInt128 chance;

    /// <summary>A new id.</summary>
    public string Next(DateTimeOffset now)
    {
        long stamp;
        UInt128 bits;
        lock (turn)
        {
            if (now.ToUnixTimeMilliseconds() > time)
            {
                time = now.ToUnixTimeMilliseconds();
                chance = Fresh();
            }
            else
            {
                // In the same millisecond, or after the clock went back: still rising, still hard to guess.
                chance += 1 + (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
            }
            (stamp, bits) = (time, chance);
        }
        return string.Create(26, ((UInt128)(ulong)stamp << 80) | bits, static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, value >>= 5) text[i] = Alphabet[(int)(value & 31)];
        });
    }

    // The highest bit stays free, so that adding never runs into the time.
    private static UInt128 Fresh()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[..10]);
        UInt128 value = 0;
        foreach (var b in bytes[..10]) value = (value << 8) | b;
        return value & ((UInt128.One << 79) - 1);
    }
}
