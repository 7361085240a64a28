using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Codec;

/// <summary>
/// How facts are stored: JSON, camel case, each member of a closed family named by its type in camel case under <c>$</c>. These names are the
/// storage format: a type that is renamed needs an upcaster.
/// </summary>
public static class MeshJson
{
    /// <summary>The options of everything stored.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // What is computed from the rest is not stored beside it.
            IgnoreReadOnlyProperties = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameFamilies } },
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
                new OrdinalMaps(),
                new ListConverter<WaitingLines, QueuedLead>(lines => lines.ById.Values.Select(w => w.Lead), leads => leads.Aggregate(WaitingLines.None, (lines, lead) => lines.Add(lead))),
                new ListConverter<Waitlist, WaitlistEntry>(list => list.ById.Values, Waitlist.From),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void NameFamilies(JsonTypeInfo info)
    {
        if (info.Type == typeof(Answer)) info.PolymorphismOptions = Family(typeof(Answer), typeof(Answer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Answer))));
        if (MachineType.Every.Any(m => m.Command == info.Type || m.Event == info.Type)) info.PolymorphismOptions = Family(info.Type, info.Type.GetNestedTypes());
    }

    private static JsonPolymorphismOptions Family(Type family, IEnumerable<Type> members)
    {
        var options = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "$", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach (var member in members.Where(family.IsAssignableFrom)) options.DerivedTypes.Add(new JsonDerivedType(member, JsonNamingPolicy.CamelCase.ConvertName(member.Name)));
        return options;
    }

    // Ordered structures are stored as the list of what is in them.
    private sealed class ListConverter<T, TItem>(Func<T, IEnumerable<TItem>> items, Func<IEnumerable<TItem>, T> build) : JsonConverter<T>
        where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            build(JsonSerializer.Deserialize<TItem[]>(ref reader, options) ?? []);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, items(value), options);
    }

    // Left to itself the serializer builds a map that sorts by culture: then the order of what a machine goes through would depend on whether it
    // came from memory or from the store.
    private sealed class OrdinalMaps : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>) && typeToConvert.GenericTypeArguments[0] == typeof(string);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(OrdinalMap<>).MakeGenericType(typeToConvert.GenericTypeArguments[1]))!;
    }

    private sealed class OrdinalMap<T> : JsonConverter<ImmutableSortedDictionary<string, T>>
    {
        public override ImmutableSortedDictionary<string, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            (JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options) ?? []).ToImmutableSortedDictionary(StringComparer.Ordinal);

        public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, T> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, item) in value)
            {
                writer.WritePropertyName(key);
                JsonSerializer.Serialize(writer, item, options);
            }
            writer.WriteEndObject();
        }
    }
}
