using System.Globalization;
using System.Text.RegularExpressions;

namespace CapacityMesh.Core.Execution;

/// <summary>A number that a text commits to.</summary>
/// <param name="Unit">percent, a currency, or a unit of time: minutes, hours, days, weeks, months, years.</param>
/// <param name="Amount">How much.</param>
public sealed record Commitment(string Unit, decimal Amount);

/// <summary>What a text says otherwise than the promise.</summary>
/// <param name="Unit">Of what.</param>
/// <param name="Said">What the text says.</param>
/// <param name="Promised">What was promised, in the promise's order.</param>
public sealed record Contradiction(string Unit, decimal Said, IReadOnlyList<decimal> Promised);

/// <summary>
/// Holds what is said to a person against what their campaign promised. The rule is simple and known to miss much: numbers with a unit are compared, per
/// unit; a text contradicts when it names a unit that the promise names too, and none of its numbers of that unit is one that was promised; and when the
/// promise is free of charge and the text names a price. What is said without numbers is not looked at.
/// </summary>
public static partial class MessagePromise
{
    /// <summary>Characters looked at: a message at its limit.</summary>
    public const int TextLengthMax = Kernel.Limits.MessageLengthMax;

    private static readonly Dictionary<string, string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["%"] = "percent", ["percent"] = "percent", ["prozent"] = "percent",
        ["€"] = "EUR", ["eur"] = "EUR", ["euro"] = "EUR", ["euros"] = "EUR", ["$"] = "USD", ["usd"] = "USD", ["dollars"] = "USD", ["£"] = "GBP", ["gbp"] = "GBP",
        ["minute"] = "minutes", ["minutes"] = "minutes", ["min"] = "minutes", ["minuten"] = "minutes",
        ["hour"] = "hours", ["hours"] = "hours", ["h"] = "hours", ["stunde"] = "hours", ["stunden"] = "hours",
        ["day"] = "days", ["days"] = "days", ["tag"] = "days", ["tage"] = "days", ["tagen"] = "days",
        ["week"] = "weeks", ["weeks"] = "weeks", ["woche"] = "weeks", ["wochen"] = "weeks",
        ["month"] = "months", ["months"] = "months", ["monat"] = "months", ["monate"] = "months", ["monaten"] = "months",
        ["year"] = "years", ["years"] = "years", ["jahr"] = "years", ["jahre"] = "years", ["jahren"] = "years",
    };

    private static readonly string[] Currencies = ["EUR", "USD", "GBP"];

    [GeneratedRegex(@"(?<front>[€$£])?\s?(?<![\w.,])(?<number>\d{1,9}(?:[.,]\d{1,2})?)(?![\d])(?:[\s-]?(?<unit>%|€|\$|£|[a-zA-Z]{1,10}\b))?", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b(free|for free|no charge|kostenlos|kostenfrei|gratis)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 200)]
    private static partial Regex Free();

    /// <summary>The numbers with a unit that a text names, in its order; a number without a unit commits to nothing.</summary>
    public static IReadOnlyList<Commitment> CommitmentsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<Commitment>();
        foreach (Match match in Numbers().Matches(text.Length > TextLengthMax ? text[..TextLengthMax] : text))
        {
            var front = match.Groups["front"].Value;
            var unit = front.Length > 0 ? Units[front] : Units.GetValueOrDefault(match.Groups["unit"].Value);
            if (unit is null) continue;
            found.Add(new Commitment(unit, decimal.Parse(match.Groups["number"].Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)));
        }
        return found;
    }

    /// <summary>Everything in a text that the promise says otherwise; empty when nothing was found.</summary>
    public static IReadOnlyList<Contradiction> Check(string promise, string text)
    {
        ArgumentNullException.ThrowIfNull(promise);
        var promised = CommitmentsOf(promise).ToLookup(c => c.Unit, c => c.Amount);
        var found = new List<Contradiction>();
        foreach (var unit in CommitmentsOf(text).GroupBy(c => c.Unit, c => c.Amount))
        {
            if (promised.Contains(unit.Key))
            {
                if (!unit.Any(promised[unit.Key].Contains)) found.Add(new Contradiction(unit.Key, unit.First(), [.. promised[unit.Key]]));
            }
            else if (Currencies.Contains(unit.Key) && unit.Any(a => a > 0) && Free().IsMatch(promise) && !Currencies.Any(promised.Contains))
            {
                found.Add(new Contradiction(unit.Key, unit.First(a => a > 0), [0]));
            }
        }
        return found;
    }
}
