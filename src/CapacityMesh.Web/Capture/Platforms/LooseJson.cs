using System.Globalization;
using System.Text.Json;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>JSON of others: ids come as numbers or texts, fields come and go, and what we do not know is ignored.</summary>
internal static class LooseJson
{
    private const int DepthMax = 32;

    /// <summary>Parses a body that must be an object.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = DepthMax });
            if (document.RootElement.ValueKind is JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // The text may hold personal data: only that it is malformed leaves here.
        }
        throw new ProblemException(Problem.Malformed("", "malformed", "The body must be a JSON object."));
    }

    /// <summary>A field, or <c>default</c> where there is none.</summary>
    public static JsonElement Field(this JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A field of fields: names joined by dots; a number is a place in a list.</summary>
    public static JsonElement Path(this JsonElement element, string path)
    {
        foreach (var part in path.Split('.'))
        {
            element = element.ValueKind is JsonValueKind.Array
                ? int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < element.GetArrayLength() ? element[at] : default
                : element.Field(part);
        }
        return element;
    }

    /// <summary>A text or a number as text.</summary>
    public static string? AsText(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => TextOf(element) is { Length: > 0 } text ? text : null,
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a character: this field cannot be used, the others can.
            return null;
        }
    }

    /// <summary>Whether it is true, as a truth value or as text.</summary>
    public static bool IsTrue(this JsonElement element) => element.AsText() is { } text && text.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A list's elements; what is no list has none.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element) => element.ValueKind is JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>An instant: RFC 3339, with <c>+0000</c> as well, or Unix seconds or milliseconds.</summary>
    public static DateTimeOffset? AsInstant(this JsonElement element)
    {
        if (element.AsText() is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unix))
        {
            const long AsMilliseconds = 100_000_000_000; // As seconds, the year 5138.
            return unix > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null
                : unix < AsMilliseconds ? DateTimeOffset.FromUnixTimeSeconds(unix) : DateTimeOffset.FromUnixTimeMilliseconds(unix);
        }
        if (text.Length > 5 && text[^5] is '+' or '-') text = text.Insert(text.Length - 2, ":");
        return InstantJson.TryParse(text, out var instant) ? instant : null;
    }
}
