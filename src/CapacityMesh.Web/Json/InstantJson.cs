using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapacityMesh.Web.Json;

/// <summary>Instants: RFC 3339 with an offset in, UTC with <c>Z</c> out.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String && TryParse(reader.GetString()!, out var instant)) return instant;
        throw new FieldFormatException("invalidInstant", "An instant is RFC 3339 with an offset, such as 2026-11-21T09:30:00Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);

    /// <summary>Reads an instant as it stands in a body or a query.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        // A local time without offset means another instant on every machine: it is no instant.
        if (text.Length is < 20 or > 40 || text[10] is not ('T' or 't' or ' ')) return false;
        var hasOffset = text[^1] is 'Z' or 'z' || text[^6] is '+' or '-';
        if (!hasOffset || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        instant = parsed.ToUniversalTime();
        return true;
    }
}
