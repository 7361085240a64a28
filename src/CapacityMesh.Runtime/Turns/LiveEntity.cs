using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Turns;

/// <summary>
/// An entity in memory. It only lets us be fast: the journal is the truth, and when the two disagree this is thrown away.
/// Owned by whoever runs the entity's turns, one at a time.
/// </summary>
public sealed class LiveEntity(EntityId id, object state, long version)
{
    /// <summary>Which entity.</summary>
    public EntityId Id { get; } = id;

    /// <summary>Its machine.</summary>
    public MachineType Machine { get; } = MachineType.Of(id.Kind);

    /// <summary>Its state after the last turn, committed or not.</summary>
    public object State { get; internal set; } = state;

    /// <summary>Its version after the last turn, committed or not.</summary>
    public long Version { get; internal set; } = version;

    /// <summary>When its last turn was decided.</summary>
    public DateTimeOffset At { get; internal set; } = DateTimeOffset.MinValue;

    /// <summary>Bytes of turns after the last snapshot; kept by whoever encodes.</summary>
    internal long TailBytes { get; set; }

    /// <summary>Bytes of the last snapshot; kept by whoever encodes.</summary>
    internal long SnapshotBytes { get; set; }

    /// <summary>Number of the newest batch that holds a turn of this entity; 0 when all is committed.</summary>
    internal long BatchNumber { get; set; }

    /// <summary>When it was last used, in turns.</summary>
    internal long LastUsed { get; set; }

    /// <summary>An entity that never had a turn.</summary>
    public static LiveEntity New(EntityId id) => new(id, MachineType.Of(id.Kind).Initial, 0);
}
