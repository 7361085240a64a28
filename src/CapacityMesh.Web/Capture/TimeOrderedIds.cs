using System.Buffers.Binary;
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
    // Asked of the system in blocks: each question costs as much as all the rest of an id.
    private readonly byte[] random = new byte[1_024];
    private int used = 1_024;
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
                chance += 1 + (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Random(sizeof(uint)));
            }
            (stamp, bits) = (time, chance);
        }
        return string.Create(26, ((UInt128)(ulong)stamp << 80) | bits, static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, value >>= 5) text[i] = Alphabet[(int)(value & 31)];
        });
    }

    // The highest bit stays free, so that adding never runs into the time.
    private UInt128 Fresh()
    {
        UInt128 value = 0;
        foreach (var b in Random(10)) value = (value << 8) | b;
        return value & ((UInt128.One << 79) - 1);
    }

    private ReadOnlySpan<byte> Random(int length)
    {
        if (used + length > random.Length)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }
        used += length;
        return random.AsSpan(used - length, length);
    }
}
