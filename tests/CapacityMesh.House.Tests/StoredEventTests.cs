using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.House.Tests;

// Goal: what was stored once can be read for ever. Method: one sample of every event stands in a file; renaming an event or one of its members, or
// forgetting one in Evolve, fails here. New events are added with CAPACITYMESH_UPDATE_SAMPLES=1, which never touches a sample that stands already.
public sealed class StoredEventTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        IgnoreReadOnlyProperties = true,
    };

    public static TheoryData<string> Machines => [.. Machine.All.Select(m => m.Name)];

    private static IEnumerable<Type> Family(Machine machine) => machine.Events.GetNestedTypes().Where(t => t.IsSealed).OrderBy(t => t.MetadataToken);

    private static string PathOf(Machine machine) => Path.Combine(House.Root, "tests", "CapacityMesh.House.Tests", "Samples", $"{machine.Name}.json");

    private static JsonObject Read(Machine machine) => File.Exists(PathOf(machine)) ? JsonNode.Parse(File.ReadAllText(PathOf(machine)))!.AsObject() : [];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_event_has_a_stored_sample_and_every_sample_an_event(string name)
    {
        var machine = Machine.All.First(m => m.Name == name);
        var samples = Read(machine);
        if (Environment.GetEnvironmentVariable("CAPACITYMESH_UPDATE_SAMPLES") == "1") Add(machine, samples);
        Assert.Equal(Family(machine).Select(t => t.Name).Order(StringComparer.Ordinal), samples.Select(s => s.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_stored_event_is_read_as_it_was_written(string name)
    {
        var machine = Machine.All.First(m => m.Name == name);
        foreach (var type in Family(machine))
        {
            var sample = Read(machine)[type.Name]!;
            var again = JsonSerializer.SerializeToNode(sample.Deserialize(type, Options), type, Options);
            Assert.True(JsonNode.DeepEquals(WithoutNulls(sample), WithoutNulls(again)), $"{machine.Events.Name}.{type.Name} is not read as it was written");
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_event_evolves(string name)
    {
        var machine = Machine.All.First(m => m.Name == name);
        var state = machine.Initial;
        // In the order of the source, which is the order of a life: each finds what it speaks of.
        foreach (var type in Family(machine)) state = machine.Evolve(state, (IEvent)Read(machine)[type.Name].Deserialize(type, Options)!, Sample.Monday);
        Assert.NotNull(state);
    }

    // A member that came later, and may be null, is missing from older samples.
    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, WithoutNulls(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(WithoutNulls)]),
        _ => node?.DeepClone(),
    };

    private static void Add(Machine machine, JsonObject samples)
    {
        foreach (var type in Family(machine))
        {
            if (!samples.ContainsKey(type.Name)) samples[type.Name] = JsonSerializer.SerializeToNode(Values.Make(type, new SeededRandom(StableHash.Of(type.Name)), Sample.Monday), type, Options);
        }
        File.WriteAllText(PathOf(machine), samples.ToJsonString(Options) + "\n");
    }
}
