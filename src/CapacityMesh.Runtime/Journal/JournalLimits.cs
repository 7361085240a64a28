namespace CapacityMesh.Runtime.Journal;

/// <summary>Bounds of the journal, with their reasons.</summary>
public static class JournalLimits
{
    /// <summary>Rows of one page of any list except leads: a page fits in memory many times over.</summary>
    public const int PageMax = 100_000;

    /// <summary>Leads of one page of the index: what <see cref="LeadQuery.Limit"/> allows.</summary>
    public const int LeadPageMax = 500;

    /// <summary>Characters kept of the reason for parking: a sentence and the first lines of a stack; the rest is cut off.</summary>
    public const int ParkReasonLengthMax = 2_000;

    /// <summary>The reason as it is kept: cut at its limit, never within a surrogate pair.</summary>
    internal static string ParkReason(string reason)
    {
        if (reason.Length <= ParkReasonLengthMax) return reason;
        var length = char.IsHighSurrogate(reason[ParkReasonLengthMax - 1]) ? ParkReasonLengthMax - 1 : ParkReasonLengthMax;
        return reason[..length];
    }
}
