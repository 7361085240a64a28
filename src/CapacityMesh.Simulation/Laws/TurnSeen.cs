using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Laws;

/// <summary>A committed turn, as laws see it.</summary>
/// <param name="Host">The host that took it.</param>
/// <param name="Entity">Whose turn.</param>
/// <param name="Version">The version after it.</param>
/// <param name="At">When it was decided, by its host's clock.</param>
/// <param name="Command">What was asked.</param>
/// <param name="Cause">What caused it.</param>
/// <param name="Before">The committed state before it.</param>
/// <param name="After">The state after it.</param>
/// <param name="Events">What happened.</param>
public sealed record TurnSeen(string Host, EntityId Entity, long Version, DateTimeOffset At, ICommand Command, Cause Cause, object Before, object After, IReadOnlyList<IEvent> Events)
{
    /// <summary>Whether an event of that type is among them.</summary>
    public bool Any<TEvent>() where TEvent : IEvent
    {
        foreach (var fact in Events)
        {
            if (fact is TEvent) return true;
        }
        return false;
    }

    /// <summary>One line for the story of a failure. Holds no personal datum, as nothing in a turn does.</summary>
    public override string ToString()
    {
        var cause = Cause switch { Cause.Request => "asked", Cause.Timer => "timer", Cause.Effect effect => $"from {effect.Id.Source.Key}@{effect.Id.Version}.{effect.Id.Ordinal}", _ => "" };
        return $"{At:MM-dd HH:mm:ss.fff} {Host} {EntityId.NameOf(Entity.Kind)} {Entity.Key} v{Version} {Command.GetType().Name} ({cause}) => {string.Join(' ', Events.Select(e => e.GetType().Name))}";
    }
}

/// <summary>A commit that the journal accepted.</summary>
/// <param name="Batch">As the engine gathered it.</param>
/// <param name="Written">As the journal wrote it.</param>
public sealed record CommitSeen(Batch Batch, CommitBatch Written);

/// <summary>An answer that reached whoever asked.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Answer">What was said.</param>
/// <param name="Truth">The committed state of any entity at that moment; null when it never had a turn.</param>
public sealed record AnswerSeen(MeshRequest Request, Answer Answer, Func<EntityId, object?> Truth);

/// <summary>What is left when everything should have settled.</summary>
/// <param name="Picture">Everything, at rest.</param>
/// <param name="Unanswered">Requests that were never answered.</param>
/// <param name="Owed">Effects that still wait in the outbox.</param>
/// <param name="Parked">Effects that were given up.</param>
public sealed record EndSeen(MeshPicture Picture, int Unanswered, int Owed, int Parked);
