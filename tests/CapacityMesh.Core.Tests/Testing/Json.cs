using System.Text.Json;
using System.Text.Json.Serialization;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>Facts, effects and states as text: records that hold collections compare by reference, their text compares by content.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Converters = { new JsonStringEnumConverter(), new EntityIdConverter(), new NamedConverter<ICommand>(), new NamedConverter<IEvent>(), new NamedConverter<Effect>(), new NamedConverter<Answer>() },
    };

    public static string Of(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static string OfNamed(object value) => $"{value.GetType().Name} {Of(value)}";

    private sealed class EntityIdConverter : JsonConverter<EntityId>
    {
        public override EntityId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => EntityId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, EntityId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    // A member declared by its family is written with the name of its own kind.
    private sealed class NamedConverter<T> : JsonConverter<T> where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(value.GetType().Name);
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
            writer.WriteEndObject();
        }
    }
}
