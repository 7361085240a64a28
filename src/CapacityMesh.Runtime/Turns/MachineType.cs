using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Runtime.Turns;

/// <summary>A machine as the runtime runs it: without its types.</summary>
public abstract class MachineType
{
    private static readonly MachineType[] All = ByKind(
        new MachineType<ContactMachine, ContactState, ContactCommand, ContactEvent>(_ => throw new NotSupportedException("A contact has no timers.")),
        new MachineType<LeadMachine, LeadState, LeadCommand, LeadEvent>(name => new LeadCommand.TimerElapsed(name)),
        new MachineType<SalespersonMachine, SalespersonState, SalespersonCommand, SalespersonEvent>(name => new SalespersonCommand.TimerElapsed(name)),
        new MachineType<SlotMachine, SlotState, SlotCommand, SlotEvent>(name => new SlotCommand.TimerElapsed(name)),
        new MachineType<PoolMachine, PoolState, PoolCommand, PoolEvent>(name => new PoolCommand.TimerElapsed(name)),
        new MachineType<CampaignMachine, CampaignState, CampaignCommand, CampaignEvent>(name => new CampaignCommand.TimerElapsed(name)),
        new MachineType<FlowMachine, FlowState, FlowCommand, FlowEvent>(name => new FlowCommand.TimerElapsed(name)));

    private protected MachineType() { }

    /// <summary>The machine that runs a kind of entity.</summary>
    public static MachineType Of(EntityKind kind) => All[(int)kind];

    /// <summary>Every machine.</summary>
    public static IReadOnlyList<MachineType> Every => All;

    /// <summary>Which entities it runs.</summary>
    public abstract EntityKind Kind { get; }

    /// <summary>The state before the first event.</summary>
    public abstract object Initial { get; }

    /// <summary>Type of its states.</summary>
    public abstract Type State { get; }

    /// <summary>Base type of its commands.</summary>
    public abstract Type Command { get; }

    /// <summary>Base type of its events.</summary>
    public abstract Type Event { get; }

    /// <summary>See <see cref="IMachine{TState,TCommand,TEvent}.Decide"/>.</summary>
    public abstract Decision Decide(object state, ICommand command, Turn turn);

    /// <summary>See <see cref="IMachine{TState,TCommand,TEvent}.Evolve"/>.</summary>
    public abstract object Evolve(object state, IEvent fact, DateTimeOffset at);

    /// <summary>The command that a timer of this name becomes.</summary>
    public abstract ICommand TimerElapsed(string name);

    private static MachineType[] ByKind(params MachineType[] machines) => [.. machines.OrderBy(m => m.Kind)];
}

internal sealed class MachineType<TMachine, TState, TCommand, TEvent>(Func<string, ICommand> timerElapsed) : MachineType
    where TMachine : IMachine<TState, TCommand, TEvent>
    where TState : class
    where TCommand : ICommand
    where TEvent : IEvent
{
    public override EntityKind Kind => TMachine.Kind;

    public override object Initial => TMachine.Initial;

    public override Type State => typeof(TState);

    public override Type Command => typeof(TCommand);

    public override Type Event => typeof(TEvent);

    public override Decision Decide(object state, ICommand command, Turn turn) => TMachine.Decide((TState)state, (TCommand)command, turn);

    public override object Evolve(object state, IEvent fact, DateTimeOffset at) => TMachine.Evolve((TState)state, (TEvent)fact, at);

    public override ICommand TimerElapsed(string name) => timerElapsed(name);
}
