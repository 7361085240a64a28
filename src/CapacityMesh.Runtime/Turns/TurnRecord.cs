using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Turns;

/// <summary>What one turn brought, before anything of it is written.</summary>
/// <param name="Entity">Whose turn.</param>
/// <param name="Version">The version after it; the same as before when it changed nothing and asked nothing.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Events">What happened.</param>
/// <param name="Effects">What the world is asked, with their ordinals.</param>
/// <param name="State">The state after it.</param>
/// <param name="Answer">The answer that this turn itself gives; null when nobody waits or the question was forwarded.</param>
/// <param name="Envelope">What it was about.</param>
public sealed record TurnRecord(
    LiveEntity Entity, long Version, DateTimeOffset At, IReadOnlyList<IEvent> Events, IReadOnlyList<Effect> Effects, object State, Answer? Answer, Envelope Envelope)
{
    /// <summary>Whether the entity's version rose: events or effects need a row of their own.</summary>
    public bool Advanced => Events.Count > 0 || Effects.Count > 0;

    /// <summary>Whether the command was refused.</summary>
    public bool Refused => Answer is Answer.Rejected;
}
