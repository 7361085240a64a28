namespace CapacityMesh.Core.Kernel;

/// <summary>
/// What a turn asks of the world. A closed alphabet; committed with the turn's events, in the same transaction.
/// An effect's id is (entity, version, ordinal), so that its receiver can ignore repeats.
/// </summary>
public abstract record Effect
{
    private Effect() { }

    /// <summary>A command for another entity, delivered exactly once, in order per (source, target).</summary>
    /// <param name="Target">Who receives it.</param>
    /// <param name="Command">What it is asked.</param>
    /// <param name="Ask">Passed on when the target shall answer whoever waits.</param>
    public sealed record Send(EntityId Target, ICommand Command, Ask? Ask = null) : Effect;

    /// <summary>
    /// The newest absolute facts for another entity. A later report of the same source replaces one that was not delivered yet;
    /// so reports cost one turn per batch, and counts cannot drift.
    /// </summary>
    public sealed record Report(EntityId Target, ICommand Command) : Effect;

    /// <summary>Sets this entity's timer of that name; an earlier one of the same name is replaced.</summary>
    public sealed record SetTimer(string Name, DateTimeOffset Due) : Effect;

    /// <summary>Clears this entity's timer of that name, if set.</summary>
    public sealed record ClearTimer(string Name) : Effect;

    /// <summary>The answer for whoever waits; leaves only after the commit.</summary>
    public sealed record Reply(Ask Ask, Answer Answer) : Effect;
}

/// <summary>What whoever asked gets back. Machines extend it with their own answers.</summary>
public abstract record Answer
{
    /// <summary>Done now, or done already by an earlier turn.</summary>
    public sealed record Done(bool Already = false) : Answer;

    /// <summary>Refused; nothing changed.</summary>
    public sealed record Rejected(Rejection Rejection) : Answer;
}
