using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>
/// One machine under test: given what happened, when it is asked, then it records, refuses or asks the world. Every turn is also held to what is
/// true of all machines: facts move along the lifecycle table, and folding the facts gives the decision's state.
/// </summary>
internal sealed class DeciderSpec<TState>(EntityKind kind, string key, FakeWorld world, DateTimeOffset start)
    where TState : class
{
    private readonly Machine machine = Machine.For(kind);
    private object state = Machine.For(kind).Initial;
    private Decision? decision;

    public DateTimeOffset Now { get; private set; } = start;

    public TState State => (TState)state;

    public EntityId Self { get; } = new("w", kind, key);

    public DeciderSpec<TState> Given(params IEvent[] facts)
    {
        foreach (var fact in facts) state = machine.Evolve(state, fact, Now);
        return this;
    }

    public DeciderSpec<TState> Given(params ICommand[] commands)
    {
        foreach (var command in commands)
        {
            When(command);
            Assert.Null(decision!.Rejection);
        }
        return this;
    }

    public DeciderSpec<TState> After(TimeSpan time)
    {
        Now += time;
        return this;
    }

    public DeciderSpec<TState> At(DateTimeOffset instant)
    {
        Now = instant;
        return this;
    }

    public DeciderSpec<TState> When(ICommand command)
    {
        decision = machine.Decide(state, command, new Turn(Self, Now, world, new Ask("ask")));
        state = TurnLaws.Check(machine, state, decision, Now);
        return this;
    }

    public DeciderSpec<TState> ThenRecords(params IEvent[] facts)
    {
        Assert.Null(decision!.Rejection);
        Assert.Equal(facts.Select(Json.OfNamed), decision.Events.Select(Json.OfNamed));
        return this;
    }

    /// <summary>The names of what was recorded, in order, where the content is told by another test.</summary>
    public DeciderSpec<TState> ThenRecordsKinds(params string[] names)
    {
        Assert.Null(decision!.Rejection);
        Assert.Equal(names, decision.Events.Select(e => e.GetType().Name));
        return this;
    }

    public DeciderSpec<TState> ThenRejects(Rejection rejection)
    {
        Assert.Equal(rejection.Code, decision!.Rejection?.Code);
        Assert.Empty(decision.Events);
        return this;
    }

    /// <summary>Nothing happened, and nobody is asked anything.</summary>
    public DeciderSpec<TState> ThenNothing()
    {
        Assert.Null(decision!.Rejection);
        Assert.Empty(decision.Events);
        Assert.Empty(decision.Effects);
        return this;
    }

    public DeciderSpec<TState> ThenSends(EntityKind target, string targetKey, ICommand command)
    {
        var wanted = Json.OfNamed(command);
        Assert.Contains(wanted, Sent(new EntityId("w", target, targetKey)));
        return this;
    }

    /// <summary>Tells nobody of that kind anything but reports.</summary>
    public DeciderSpec<TState> ThenSendsNoneTo(EntityKind target)
    {
        Assert.DoesNotContain(decision!.Effects, e => e is Effect.Send send && send.Target.Kind == target);
        return this;
    }

    public DeciderSpec<TState> ThenSets(string timer, DateTimeOffset due)
    {
        Assert.Equal(due, decision!.Effects.OfType<Effect.SetTimer>().LastOrDefault(t => t.Name == timer)?.Due);
        return this;
    }

    public DeciderSpec<TState> ThenClears(params string[] timers)
    {
        foreach (var timer in timers)
        {
            var last = decision!.Effects.LastOrDefault(e => e is Effect.SetTimer set && set.Name == timer || e is Effect.ClearTimer clear && clear.Name == timer);
            Assert.IsType<Effect.ClearTimer>(last);
        }
        return this;
    }

    public DeciderSpec<TState> ThenAnswers<TAnswer>(Action<TAnswer> check) where TAnswer : Answer
    {
        check(Assert.IsType<TAnswer>(Assert.Single(decision!.Effects.OfType<Effect.Reply>()).Answer));
        return this;
    }

    public DeciderSpec<TState> ThenIs(Func<TState, object?> what, object? value)
    {
        Assert.Equal(value, what(State));
        return this;
    }

    /// <summary>The names of what was recorded, in order.</summary>
    public IReadOnlyList<string> Recorded => [.. decision!.Events.Select(e => e.GetType().Name)];

    /// <summary>To whom commands of that kind were sent, in order.</summary>
    public string[] Sent<TCommand>() where TCommand : ICommand => [.. decision!.Effects.OfType<Effect.Send>().Where(s => s.Command is TCommand).Select(s => s.Target.Key)];

    private IEnumerable<string> Sent(EntityId target) => decision!.Effects.Select(e => e switch
    {
        Effect.Send send when send.Target == target => Json.OfNamed(send.Command),
        Effect.Report report when report.Target == target => Json.OfNamed(report.Command),
        _ => "",
    });
}
