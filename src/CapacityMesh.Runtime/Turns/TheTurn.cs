using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Turns;

/// <summary>
/// The one mechanism that every host shares: how state changes. Steps, in order:
/// 1 decide on the entity's state; 2 adopt the state that the decision leads to, so that the next turn may start at once on it; 3 hand back a
/// record, of which nothing may leave before it is committed. Loading comes before, committing after; both belong to the host.
/// </summary>
public static class TheTurn
{
    // Clocks of hosts differ by seconds, or minutes where nobody looks after them. A turn further ahead was taken with a clock that was wrong.
    private static readonly TimeSpan ClockSpreadMax = TimeSpan.FromHours(1);

    /// <summary>Takes one turn. The entity is changed only when this returns.</summary>
    /// <param name="now">By the host's clock. The entity's own time never goes backwards: the turn is at this instant, or at that of the last turn if another host's clock was ahead.</param>
    /// <param name="entity">Whose turn.</param>
    /// <param name="envelope">What it is asked, and why.</param>
    /// <param name="world">What it may look up.</param>
    /// <exception cref="Exception">The machine failed on this command: a defect. The entity is unchanged; the cause is not consumed.</exception>
    public static TurnRecord Take(LiveEntity entity, Envelope envelope, DateTimeOffset now, IWorld world)
    {
        var at = entity.At > now && entity.At - now <= ClockSpreadMax ? entity.At : now;
        var decision = entity.Machine.Decide(entity.State, envelope.Command, new Turn(entity.Id, at, world, envelope.Ask));
        var (events, effects) = (decision.Events, decision.Effects);
        if (events.Count > 0 || effects.Count > 0)
        {
            entity.State = decision.Result;
            entity.Version++;
            entity.At = at;
        }
        return new TurnRecord(entity, entity.Version, at, events, effects, entity.State, AnswerOf(decision, envelope.Ask), envelope);
    }

    // A turn that neither answers nor forwards is answered by its outcome.
    private static Answer? AnswerOf(Decision decision, Ask? ask)
    {
        if (decision.Rejection is { } rejection) return new Answer.Rejected(rejection);
        if (ask is null) return null;
        foreach (var effect in decision.Effects)
        {
            if (effect is Effect.Reply reply && reply.Ask == ask) return reply.Answer;
            if (effect is Effect.Send { Ask: not null }) return null;
        }
        return new Answer.Done(Already: decision.IsAlreadyDone);
    }
}
