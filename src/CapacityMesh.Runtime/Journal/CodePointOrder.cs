namespace CapacityMesh.Runtime.Journal;

/// <summary>
/// The order of every list in the journal: by code point, which is also the order of the UTF-8 bytes, so that each store sorts alike.
/// It differs from ordinal comparison of .NET strings only where a surrogate meets U+E000 to U+FFFF.
/// </summary>
internal sealed class CodePointOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static CodePointOrder Instance { get; } = new();

    private CodePointOrder() { }

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => Of(x, y);

    /// <summary>Below zero when the first comes first.</summary>
    public static int Of(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var same = x.CommonPrefixLength(y);
        if (same == x.Length || same == y.Length) return x.Length - y.Length;
        return Rank(x[same]) - Rank(y[same]);
    }

    // Surrogates stand for code points above every other one; within UTF-16 they lie in the middle.
    private static int Rank(char c) => c < 0xD800 ? c : c < 0xE000 ? c + 0x2000 : c - 0x800;
}
