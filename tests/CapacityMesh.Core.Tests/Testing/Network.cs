using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>
/// All machines of one workspace, joined: effects are delivered in order per (source, target), timers fire when due, nothing is stored. Without a
/// seed the oldest message goes first; with one, any channel may be next, so that messages of different senders overtake each other.
/// </summary>
internal sealed class Network(ulong? seed = null)
{
    public const string Workspace = "w";

    private readonly SeededRandom? chance = seed is { } s ? new SeededRandom(s) : null;
    private readonly SortedDictionary<string, object> states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EntityId> entities = [];
    private readonly List<Message> messages = [];
    private readonly Dictionary<(EntityId Entity, string Timer), DateTimeOffset> timers = [];
    private readonly Dictionary<string, Answer> answers = [];
    private int asks;

    private sealed record Message(EntityId Source, EntityId Target, ICommand Command, Ask? Ask, bool IsReport);

    public FakeWorld World { get; } = new();

    public DateTimeOffset Now { get; private set; } = Sample.Monday;

    /// <summary>Refusals that nobody waited for: between machines.</summary>
    public List<(EntityId Target, ICommand Command, Rejection Rejection)> Refused { get; } = [];

    public long Turns { get; private set; }

    /// <summary>The newest turns, for the story of a failure.</summary>
    public Queue<string> Trail { get; } = new();

    public bool IsQuiet => messages.Count == 0;

    public TState Get<TState>(EntityKind kind, string key) => (TState)states.GetValueOrDefault(new EntityId(Workspace, kind, key).ToString(), Machine.For(kind).Initial);

    public IEnumerable<(string Key, TState State)> All<TState>(EntityKind kind) =>
        states.Where(s => entities[s.Key].Kind == kind).Select(s => (entities[s.Key].Key, (TState)s.Value));

    public bool HasTimer(EntityKind kind, string key, string name) => timers.ContainsKey((new EntityId(Workspace, kind, key), name));

    /// <summary>A question from outside: decided at once; its answer is there when the network is quiet.</summary>
    public string Post(EntityKind kind, string key, ICommand command)
    {
        var ask = new Ask($"ask{++asks}");
        Deliver(new Message(default, new EntityId(Workspace, kind, key), command, ask, IsReport: false));
        return ask.Id;
    }

    /// <summary>Asks, lets everything settle, and gives the answer.</summary>
    public Answer Ask(EntityKind kind, string key, ICommand command)
    {
        var id = Post(kind, key, command);
        Settle();
        return answers[id];
    }

    public Answer AskFlow(ICommand command) => Ask(EntityKind.Flow, EntityId.Flow(Workspace).Key, command);

    /// <summary>Delivers up to so many messages.</summary>
    public void Step(int most)
    {
        for (var i = 0; i < most && messages.Count > 0; i++) DeliverNext();
    }

    /// <summary>Delivers until nothing is on its way and no timer is due.</summary>
    public void Settle()
    {
        for (var guard = 0; ; guard++)
        {
            Assert.True(guard < 50_000, $"the machines keep talking without time passing:\n{string.Join('\n', Trail)}");
            if (messages.Count > 0) DeliverNext();
            else if (!FireNext(Now)) return;
        }
    }

    /// <summary>Lets time pass; every timer fires when it is due.</summary>
    public void Advance(TimeSpan time)
    {
        var until = Now + time;
        Settle();
        while (FireNext(until)) Settle();
        Now = until;
        Settle();
    }

    private bool FireNext(DateTimeOffset until)
    {
        if (timers.Count == 0) return false;
        var (key, due) = timers.MinBy(t => (t.Value, t.Key.Entity.Kind, t.Key.Entity.Key, t.Key.Timer));
        if (due > until) return false;
        var (entity, name) = key;
        timers.Remove(key);
        if (due > Now) Now = due;
        Deliver(new Message(default, entity, Machine.For(entity.Kind).Timer!(name), null, IsReport: false));
        return true;
    }

    private void DeliverNext()
    {
        var index = 0;
        if (chance is not null)
        {
            // Any message may be next, unless an older one of the same channel is still on its way.
            var picked = messages[chance.Below(messages.Count)];
            index = messages.FindIndex(m => m.Source == picked.Source && m.Target == picked.Target);
        }
        var message = messages[index];
        messages.RemoveAt(index);
        Deliver(message);
    }

    private void Deliver(Message message)
    {
        var (target, machine) = (message.Target, Machine.For(message.Target.Kind));
        var before = states.GetValueOrDefault(target.ToString(), machine.Initial);
        var decision = machine.Decide(before, message.Command, new Turn(target, Now, World, message.Ask));
        Turns++;
        if (target.Kind is not EntityKind.Flow) Trail.Enqueue($"{Now:MM-dd HH:mm:ss} {message.Source.Key} -> {target.Kind} {target.Key}: {message.Command.GetType().Name} => {decision.Rejection?.Code ?? string.Join(' ', decision.Events.Select(e => e.GetType().Name))}");
        if (Trail.Count > 60) Trail.Dequeue();
        states[target.ToString()] = TurnLaws.Check(machine, before, decision, Now, written: Turns % 64 == 0);
        entities[target.ToString()] = target;
        if (decision.Rejection is { } rejection && message.Ask is null) Refused.Add((target, message.Command, rejection));
        foreach (var defined in decision.Events.OfType<FlowEvent.ProcessDefined>()) World.Publish(defined.Process);
        if (message.Ask is { } ask && !decision.Effects.Any(e => e is Effect.Reply || e is Effect.Send { Ask: not null }))
        {
            answers[ask.Id] = decision.Rejection is { } no ? new Answer.Rejected(no) : new Answer.Done(decision.IsAlreadyDone);
        }
        foreach (var effect in decision.Effects) Apply(target, effect);
    }

    private void Apply(EntityId source, Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send: messages.Add(new Message(source, send.Target, send.Command, send.Ask, IsReport: false)); break;
            case Effect.Report report:
                messages.RemoveAll(m => m.IsReport && m.Source == source && m.Target == report.Target);
                messages.Add(new Message(source, report.Target, report.Command, null, IsReport: true));
                break;
            case Effect.SetTimer set: timers[(source, set.Name)] = set.Due; break;
            case Effect.ClearTimer clear: timers.Remove((source, clear.Name)); break;
            case Effect.Reply reply: answers[reply.Ask.Id] = reply.Answer; break;
        }
    }
}
