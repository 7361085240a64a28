using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CapacityMesh.Runtime.Journal.Postgres.Native;

/// <summary>Keys of advisory locks: numbers shared by all who use the database, so they come from names that nobody else has.</summary>
internal static class LockKey
{
    /// <summary>The same for the same purpose and schema in every process and release.</summary>
    public static long Of(string purpose, string schema) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"capacitymesh/{purpose}/{schema}")));
}
