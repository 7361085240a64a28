using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>
/// The answers of a form, gathered into a lead. A connector's map says which of the platform's fields is which of ours (<c>"email":"Your e-mail"</c>);
/// what nobody claims becomes an attribute. A platform does not repeat a lead that we refuse, so what is too long is cut and what cannot be used is kept
/// as an attribute; only a lead without any way to reach the person is refused.
/// </summary>
internal sealed class Answers(Connector connector, IReadOnlyDictionary<string, string[]> usual, string? phoneCountry)
{
    private const int AttributeKeyLengthMax = 64;
    private const int AttributeLengthMax = 500;
    // What a ticked box sends, in a few languages.
    private static readonly string[] Yes = ["on", "true", "yes", "1", "ja", "oui", "si", "sí"];
    private readonly List<(string Field, string Value)> given = [];

    /// <summary>Adds an answer; blank ones are no answers.</summary>
    public void Add(string? field, string? value)
    {
        if (!string.IsNullOrWhiteSpace(field) && !string.IsNullOrWhiteSpace(value)) given.Add((field.Trim(), value.Trim()));
    }

    /// <summary>Takes the first answer that is one of ours and fits; the others stay.</summary>
    public string? Take(string ours, Func<string, bool>? fits = null)
    {
        string[] names = connector.Map(ours) is { } own ? [own, .. Usual(ours)] : Usual(ours);
        foreach (var name in names)
        {
            var at = given.FindIndex(a => string.Equals(a.Field, name, StringComparison.OrdinalIgnoreCase) && fits?.Invoke(a.Value) != false);
            if (at < 0) continue;
            var value = given[at].Value;
            given.RemoveAt(at);
            return value;
        }
        return null;
    }

    /// <summary>The lead; null when nobody could be reached.</summary>
    public LeadBody? ToLead(string? campaign, DateTimeOffset? occurredAt, TouchBody? touch, DateTimeOffset now)
    {
        var email = Take("email", v => EmailAddress.Normalise(v) is not null);
        var phone = Take("phone", v => PhoneNumber.Normalise(v, phoneCountry) is not null);
        if (email is null && phone is null) return null;
        var name = Take("name");
        if (name is null && Take("firstName") is var first && Take("lastName") is var last && (first ?? last) is not null) name = $"{first} {last}".Trim();
        var contact = new ContactBody(Cut(name, Limits.NameLengthMax), email, phone, Cut(Take("company"), Limits.NameLengthMax));
        var message = Cut(Take("message"), Limits.MessageLengthMax);
        var agreed = Take("consent");
        var isPlausible = occurredAt is { } at && at <= now + Limits.ClockSkewMax && at >= now - Limits.PastMax;
        return new LeadBody(Cut(campaign, Limits.NameLengthMax), contact, isPlausible ? occurredAt : null, message, Rest(), Value: null, touch, Skills: null)
        {
            Consent = agreed is null ? null : new ConsentBody(Yes.Contains(agreed, StringComparer.OrdinalIgnoreCase), null),
        };
    }

    /// <summary>A text within a limit, never cut within a surrogate pair.</summary>
    public static string? Cut(string? text, int lengthMax) =>
        text is null || text.Length <= lengthMax ? text : text[..(char.IsHighSurrogate(text[lengthMax - 1]) ? lengthMax - 1 : lengthMax)];

    private string[] Usual(string ours) => usual.TryGetValue(ours, out var names) ? names : [];

    private Dictionary<string, JsonElement>? Rest()
    {
        if (given.Count == 0) return null;
        var rest = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (field, value) in given)
        {
            if (rest.Count == Limits.AttributesMax) break;
            rest.TryAdd(Cut(field, AttributeKeyLengthMax)!, JsonSerializer.SerializeToElement(Cut(value, AttributeLengthMax)));
        }
        return rest;
    }
}
