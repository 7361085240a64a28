using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Turns;

/// <summary>What an entity's mailbox takes: a command and what caused it.</summary>
/// <param name="Target">Whose turn.</param>
/// <param name="Command">What is asked.</param>
/// <param name="Cause">Consumed by the turn, in the turn's own transaction.</param>
/// <param name="Ask">Who waits for the answer.</param>
public sealed record Envelope(EntityId Target, ICommand Command, Cause Cause, Ask? Ask = null);

/// <summary>What caused a turn.</summary>
public abstract record Cause
{
    private Cause() { }

    /// <summary>Somebody outside asked.</summary>
    public sealed record Request(MeshRequest What) : Cause;

    /// <summary>Another entity's turn asked. Its outbox row, if it was ever written, goes with this turn.</summary>
    /// <param name="Id">The effect.</param>
    /// <param name="Supersedes">Reports of the same source that this one replaces and whose rows go as well.</param>
    /// <param name="IsReport">It may have been replaced by a newer one on its way: then there is no row to go, and the turn stands all the same.</param>
    public sealed record Effect(EffectId Id, IReadOnlyList<EffectId>? Supersedes = null, bool IsReport = false) : Cause;

    /// <summary>A timer elapsed. Its row goes with this turn.</summary>
    public sealed record Timer(StoredTimer What) : Cause;
}
