namespace CapacityMesh.Core.Kernel;

/// <summary>FNV-1a, 64 bits (draft-eastlake-fnv): the same on every machine and in every process. For placement and ties, never for secrets.</summary>
public static class StableHash
{
    /// <summary>The hash of a text's UTF-16 code units.</summary>
    public static ulong Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 14695981039346656037UL;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 1099511628211UL;
            hash = (hash ^ (byte)(c >> 8)) * 1099511628211UL;
        }
        return hash;
    }
}
