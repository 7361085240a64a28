using System.Globalization;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Capture;

/// <summary>E-mail addresses as identities: trimmed, lower case, the domain in ASCII. Whether a mailbox exists only a mail can tell.</summary>
internal static class EmailAddress
{
    private const int LocalLengthMax = 64; // RFC 5321 §4.5.3.1.1
    private const string LocalSpecials = "!#$%&'*+-/=?^_`{|}~.";
    private static readonly IdnMapping Idn = new();

    /// <summary>The normal form, or null when the text is no address.</summary>
    public static string? Normalise(string text)
    {
        text = text.Trim();
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (text.Length > Limits.EmailLengthMax || at is < 1 or > LocalLengthMax || at != text.LastIndexOf('@')) return null;
        var local = text.AsSpan(0, at);
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal)) return null;
        foreach (var c in local)
        {
            if (!char.IsLetterOrDigit(c) && !LocalSpecials.Contains(c, StringComparison.Ordinal) && !char.IsSurrogate(c)) return null;
        }
        return DomainOf(text[(at + 1)..]) is { } domain && at + 1 + domain.Length <= Limits.EmailLengthMax
            ? string.Concat(text[..at].ToLowerInvariant(), "@", domain)
            : null;
    }

    private static string? DomainOf(string text)
    {
        if (!text.Contains('.', StringComparison.Ordinal)) return null;
        try
        {
            var domain = (System.Text.Ascii.IsValid(text) ? text : Idn.GetAscii(text)).ToLowerInvariant();
            var labels = domain.Split('.');
            return labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit) ? domain : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
