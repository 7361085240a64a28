using System.Security.Cryptography;
using System.Text;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>Signatures over the bytes that came, compared in constant time.</summary>
internal static class Signatures
{
    /// <summary>Whether <paramref name="hex"/> is the HMAC-SHA256 of the parts, joined, under a secret.</summary>
    public static bool Verify(string? secret, string? hex, params ReadOnlySpan<byte[]> parts)
    {
        if (string.IsNullOrEmpty(secret) || hex is not { Length: HMACSHA256.HashSizeInBytes * 2 }) return false;
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(hex, given, out _, out _) is not System.Buffers.OperationStatus.Done) return false;
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        foreach (var part in parts) hash.AppendData(part);
        return CryptographicOperations.FixedTimeEquals(given, hash.GetHashAndReset());
    }

    /// <summary>The HMAC-SHA256 of a text, as hex in lower case.</summary>
    public static string Hex(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>A short, fixed name of a text of any length.</summary>
    public static string NameOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 20));
}
