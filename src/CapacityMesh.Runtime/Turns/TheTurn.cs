using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Turns;

/// <summary>
/// The one mechanism that every host shares: how state changes. Steps, in order:
/// 1 decide on the entity's state; 2 adopt the state that the decision leads to, so that the next turn may start at once on it; 3 hand back a
/// record, of which nothing may leave before it is committed. Loading comes before, committing after; both belong to the host.
/// </summary>
public static class TheTurn
{
    /// <summary>Takes one turn. The entity is changed only when this returns.</summary>
    /// <exception cref="Exception">The machine failed on this command: a defect. The entity is unchanged; the cause is not consumed.</exception>
    public static TurnRecord Take(LiveEntity entity, Envelope envelope, DateTimeOffset now, IWorld world)
    {
        var decision = entity.Machine.Decide(entity.State, envelope.Command, new Turn(entity.Id, now, world, envelope.Ask));
        var (events, effects) = (decision.Events, decision.Effects);
        if (events.Count > 0 || effects.Count > 0)
        {
            entity.State = decision.Result;
            entity.Version++;
        }
        return new TurnRecord(entity, entity.Version, now, events, effects, entity.State, AnswerOf(decision, envelope.Ask), envelope);
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
