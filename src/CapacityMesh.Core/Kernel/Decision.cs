namespace CapacityMesh.Core.Kernel;

/// <summary>The part of a decision that the runtime needs without knowing the state's type.</summary>
public abstract class Decision
{
    private List<IEvent>? events;
    private List<Effect>? effects;

    private protected Decision() { }

    /// <summary>What happened, in order; empty when nothing did.</summary>
    public IReadOnlyList<IEvent> Events => events ?? [];

    /// <summary>What the world is asked, in order.</summary>
    public IReadOnlyList<Effect> Effects => effects ?? [];

    /// <summary>Why nothing happened, if it was refused.</summary>
    public Rejection? Rejection { get; private protected set; }

    /// <summary>Nothing happened because it had happened before.</summary>
    public bool IsAlreadyDone => Rejection is null && events is null;

    /// <summary>The state after the events.</summary>
    public abstract object Result { get; }

    private protected void Keep(IEvent fact) => (events ??= []).Add(fact);

    private protected void Keep(Effect effect)
    {
        effects ??= [];
        Invariant.Require(effects.Count < Limits.EffectsPerTurnMax, "a turn may not ask the world for more than its limit");
        effects.Add(effect);
    }
}

/// <summary>A decision in the making: facts recorded so far, the state that they lead to, and what the world is asked.</summary>
public sealed class Decision<TState>(TState state, Turn turn, Func<TState, IEvent, DateTimeOffset, TState> evolve) : Decision
    where TState : class
{
    /// <summary>The state after every fact recorded so far.</summary>
    public TState State { get; private set; } = state;

    /// <summary>The turn being decided.</summary>
    public Turn Turn { get; } = turn;

    /// <inheritdoc/>
    public override object Result => State;

    /// <summary>Records a fact and evolves the state by it.</summary>
    public Decision<TState> Record(IEvent fact)
    {
        Keep(fact);
        State = evolve(State, fact, Turn.Now);
        return this;
    }

    /// <summary>Sends a command to another entity of the workspace.</summary>
    public Decision<TState> Send(EntityKind kind, string key, ICommand command)
    {
        Keep(new Effect.Send(Turn.Self.Sibling(kind, key), command));
        return this;
    }

    /// <summary>Sends a command to the workspace's Flow.</summary>
    public Decision<TState> SendFlow(ICommand command)
    {
        Keep(new Effect.Send(Turn.Self.SiblingFlow, command));
        return this;
    }

    /// <summary>Sends a command and leaves it to the target to answer whoever waits.</summary>
    public Decision<TState> Forward(EntityId target, ICommand command)
    {
        Keep(new Effect.Send(target, command, Turn.Ask));
        return this;
    }

    /// <summary>Reports absolute facts; see <see cref="Effect.Report"/>.</summary>
    public Decision<TState> Report(EntityId target, ICommand command)
    {
        Keep(new Effect.Report(target, command));
        return this;
    }

    /// <summary>Sets a timer of this entity.</summary>
    public Decision<TState> SetTimer(string name, DateTimeOffset due)
    {
        Keep(new Effect.SetTimer(name, due));
        return this;
    }

    /// <summary>Clears a timer of this entity.</summary>
    public Decision<TState> ClearTimer(string name)
    {
        Keep(new Effect.ClearTimer(name));
        return this;
    }

    /// <summary>Answers whoever waits, if anyone does.</summary>
    public Decision<TState> Answer(Answer answer)
    {
        if (Turn.Ask is { } ask) Keep(new Effect.Reply(ask, answer));
        return this;
    }

    /// <summary>Refuses. Only before anything was recorded: a turn happens whole or not at all.</summary>
    public Decision<TState> Reject(Rejection rejection)
    {
        Invariant.Require(Events.Count == 0 && Effects.Count == 0, "a decision is refused before it records anything");
        Rejection = rejection;
        return this;
    }
}
