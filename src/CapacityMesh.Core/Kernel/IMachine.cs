namespace CapacityMesh.Core.Kernel;

/// <summary>Something that a machine may be asked to do. Imperative name.</summary>
public interface ICommand;

/// <summary>Something that has happened. Past-tense name; the name is the storage format.</summary>
public interface IEvent;

/// <summary>
/// The law of a machine. All members are pure: the same arguments give the same answer on every machine, and nothing else is read or changed.
/// </summary>
public interface IMachine<TState, TCommand, TEvent>
    where TState : class
    where TCommand : ICommand
    where TEvent : IEvent
{
    /// <summary>Which entities this machine runs.</summary>
    static abstract EntityKind Kind { get; }

    /// <summary>The state before the first event.</summary>
    static abstract TState Initial { get; }

    /// <summary>
    /// What a command makes of a state: events and effects, a rejection, or nothing because it was done already.
    /// Events are recorded through <see cref="Decision{TState}.Record"/>, which evolves <see cref="Decision{TState}.State"/> at once.
    /// </summary>
    static abstract Decision<TState> Decide(TState state, TCommand command, Turn turn);

    /// <summary>What an event makes of a state. Total: every event is accepted in every state that it was recorded in.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="fact">What happened.</param>
    /// <param name="at">The instant of the turn that recorded it.</param>
    static abstract TState Evolve(TState state, TEvent fact, DateTimeOffset at);
}
