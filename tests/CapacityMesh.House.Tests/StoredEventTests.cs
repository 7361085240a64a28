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
            Assert.True(Keeps(sample, JsonSerializer.SerializeToNode(sample.Deserialize(type, Options), type, Options)), $"{machine.Events.Name}.{type.Name} is not read as it was written");
        }
    }

    // An event may gain a member that has a default; it may lose none that was written.
    private static bool Keeps(JsonNode? stored, JsonNode? read) => (stored, read) switch
    {
        (JsonObject was, JsonObject now) => was.All(m => now.TryGetPropertyValue(m.Key, out var value) && Keeps(m.Value, value)),
        (JsonArray was, JsonArray now) => was.Count == now.Count && was.Zip(now).All(pair => Keeps(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(stored, read),
    };

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

    private static void Add(Machine machine, JsonObject samples)
    {
        foreach (var type in Family(machine))
        {
            if (!samples.ContainsKey(type.Name)) samples[type.Name] = JsonSerializer.SerializeToNode(Values.Make(type, new SeededRandom(StableHash.Of(type.Name)), Sample.Monday), type, Options);
        }
        File.WriteAllText(PathOf(machine), samples.ToJsonString(Options) + "\n");
    }
}
