using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.Chance;

/// <summary>
/// One seed, many independent streams by name: one more draw in one of them changes nothing in the others, so that recorded runs stay what they were.
/// </summary>
public sealed class SeedStreams(ulong seed)
{
    private readonly Dictionary<string, SimRandom> streams = [];

    /// <summary>The seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>The stream of that name, where its last draw left it.</summary>
    public SimRandom this[string name] => streams.TryGetValue(name, out var stream) ? stream : streams[name] = Fresh(name);

    /// <summary>A stream of that name from its start: what happens to one lead depends on its id alone, not on who else came.</summary>
    public SimRandom Fresh(string name) => new(Seed ^ StableHash.Of(name));
}
