using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace CapacityMesh.Web.Json;

/// <summary>Durations: ISO 8601 in weeks, days, hours, minutes and seconds. Years and months have no fixed length, so they are refused.</summary>
internal sealed class DurationJson : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.String && TryParse(reader.GetString()!, out var duration)) return duration;
        throw new FieldFormatException("invalidDuration", "A duration is ISO 8601 in weeks, days, hours, minutes and seconds, such as PT15M or P7D, and not negative.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));

    /// <summary>Reads a duration.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is < 3 or > 40 || text[0] != 'P') return false;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        var date = time < 0 ? text[1..] : text[1..time];
        if (date.Contains('Y', StringComparison.Ordinal) || date.Contains('M', StringComparison.Ordinal)) return false;
        if (date.EndsWith('W') && time < 0)
        {
            if (!int.TryParse(date[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var weeks) || weeks > 1_000) return false;
            duration = TimeSpan.FromDays(weeks * 7);
            return true;
        }
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            return false;
        }
    }
}
