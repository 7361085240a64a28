using System.Globalization;
using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Import;

/// <summary>Which column holds what: <c>email=E-Mail,phone=Telefon,at=Created</c>. Columns of our own names need no word; what nobody claims becomes an attribute.</summary>
internal sealed class ImportMap
{
    private static readonly string[] Ours =
        ["name", "firstName", "lastName", "email", "phone", "company", "timeZone", "campaign", "at", "message", "value", "currency", "gclid", "fbclid", "msclkid", "ttclid", "liFatId", "landingPage", "referrer"];

    private static readonly string[] InstantForms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> heading;

    /// <summary>Reads a map against a heading.</summary>
    /// <exception cref="ProblemException">A word is none of ours, a column is not there, or nobody could be reached.</exception>
    public ImportMap(string? map, IReadOnlyList<string> heading)
    {
        this.heading = heading;
        foreach (var ours in Ours)
        {
            if (ColumnOf(ours) is { } own) columns[ours] = own;
        }
        foreach (var pair in (map ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || Array.IndexOf(Ours, parts[0]) < 0) throw new ProblemException(Problem.Invalid("map", "invalidMap", $"A map names one of {string.Join(", ", Ours)}, then = and the column."));
            columns[parts[0]] = ColumnOf(parts[1]) ?? throw new ProblemException(Problem.Invalid("map", "unknownColumn", $"The file has no column that the map calls {parts[0]}."));
        }
        if (!columns.ContainsKey("email") && !columns.ContainsKey("phone")) throw new ProblemException(Problem.Invalid("map", "contactRequired", "Say which column is the email or the phone: map=email=COLUMN."));
    }

    /// <summary>The lead of a record. What is wrong with its form goes to <paramref name="errors"/>; what it says is checked where every lead is.</summary>
    public LeadBody ToLead(IReadOnlyList<string> fields, string? campaign, FieldErrors errors)
    {
        var name = Of("name");
        if (name is null && (Of("firstName") ?? Of("lastName")) is not null) name = $"{Of("firstName")} {Of("lastName")}".Trim();
        var at = Of("at") is { } text ? InstantOf(text) : null;
        errors.Require(Of("at") is null || at is not null, "at", "invalidInstant", "A time is a day, 2026-11-21, with or without a time of day in UTC, or an instant with an offset.");
        var contact = new ContactBody(name, Of("email"), Of("phone"), Of("company"), Of("timeZone"));
        var touch = new TouchBody(Of("gclid"), Of("fbclid"), Of("msclkid"), Of("ttclid"), Of("liFatId"), Of("landingPage"), Of("referrer"));
        return new LeadBody(Of("campaign") ?? campaign, contact, at, Of("message"), RestOf(fields), ValueOf(errors), touch, Skills: null);

        string? Of(string ours) => columns.TryGetValue(ours, out var at) && at < fields.Count && fields[at].Length > 0 ? fields[at] : null;

        Money? ValueOf(FieldErrors problems)
        {
            if (Of("value") is not { } amount) return null;
            var isNumber = decimal.TryParse(amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
            problems.Require(isNumber && Of("currency") is not null, "value", "invalidMoney", "A value is a number with a point, and its currency stands in its own column.");
            return isNumber && Of("currency") is { } currency ? new Money(number, currency) : null;
        }
    }

    private int? ColumnOf(string name)
    {
        for (var i = 0; i < heading.Count; i++)
        {
            if (string.Equals(heading[i], name, StringComparison.OrdinalIgnoreCase)) return i;
        }
        return null;
    }

    private Dictionary<string, JsonElement>? RestOf(IReadOnlyList<string> fields)
    {
        var rest = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(heading.Count, fields.Count) && rest.Count < Limits.AttributesMax; i++)
        {
            if (columns.ContainsValue(i) || heading[i].Length == 0 || fields[i].Length == 0) continue;
            rest.TryAdd(Answers.Cut(heading[i], 64)!, JsonSerializer.SerializeToElement(Answers.Cut(fields[i], 500)));
        }
        return rest.Count == 0 ? null : rest;
    }

    private static DateTimeOffset? InstantOf(string text) =>
        DateTime.TryParseExact(text, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? new DateTimeOffset(day, TimeSpan.Zero)
        : InstantJson.TryParse(text, out var instant) ? instant : null;
}
