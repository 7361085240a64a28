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
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameFamilies } },
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
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
}
