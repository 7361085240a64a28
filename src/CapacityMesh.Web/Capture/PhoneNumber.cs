using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Capture;

/// <summary>Phone numbers as identities: digits, with + and the country code where it is known.</summary>
internal static class PhoneNumber
{
    private const int DigitsMin = 7;
    private const int DigitsMax = 15; // ITU-T E.164
    private const int LengthMax = 40;

    /// <summary>The normal form, or null when the text is no number.</summary>
    /// <param name="text">As somebody typed it.</param>
    /// <param name="country">Country code of numbers that come without one, digits only; null leaves them national.</param>
    public static string? Normalise(string text, string? country)
    {
        text = text.Trim();
        if (text.Length > LengthMax) return null;
        // +49 (0) 30 ...: the zero is for callers within the country.
        if (text.StartsWith('+')) text = text.Replace("(0)", "", StringComparison.Ordinal);
        Span<char> digits = stackalloc char[LengthMax];
        var count = 0;
        var isInternational = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c)) digits[count++] = c;
            else if (c == '+' && i == 0) isInternational = true;
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00a0')) return null;
        }
        var number = digits[..count];
        if (!isInternational && number.StartsWith("00"))
        {
            isInternational = true;
            number = number[2..];
        }
        if (!isInternational && country is not null) return WithCountry(country, number);
        return number.Length is >= DigitsMin and <= DigitsMax ? (isInternational ? string.Concat("+", number) : number.ToString()) : null;
    }

    private static string? WithCountry(string country, ReadOnlySpan<char> number)
    {
        if (number.Length > 0 && number[0] == '0') number = number[1..];
        var length = country.Length + number.Length;
        return length is >= DigitsMin and <= DigitsMax ? string.Concat("+", country, number) : null;
    }
}
