using System.Text.Json;
using System.Text.Json.Serialization;

namespace CapacityMesh.Web.Json;

/// <summary>JSON that was written once and is sent to many.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal sealed record RawJson(byte[] Utf8)
{
    /// <summary>Writes a value once.</summary>
    public static RawJson Of<T>(T value) => new(JsonSerializer.SerializeToUtf8Bytes(value, Wire.Options));

    /// <summary>Whether both are the same text.</summary>
    public bool SameAs(RawJson? other) => other is not null && Utf8.AsSpan().SequenceEqual(other.Utf8);
}

/// <summary>Copies the text as it is.</summary>
internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return RawJson.Of(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Utf8, skipInputValidation: true);
}
