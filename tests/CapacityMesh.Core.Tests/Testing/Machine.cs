using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>A machine without its types: what the properties, the pages and the network need of every one of the seven.</summary>
internal sealed record Machine(
    EntityKind Kind, string Name, object Initial, Func<object, ICommand, Turn, Decision> Decide, Func<object, IEvent, DateTimeOffset, object> Evolve,
    Func<object, string> PhaseOf, IReadOnlyList<(string From, string Event, string To)> Moves, string Mermaid,
    Type Commands, Type Events, Type Rejections, Type? Timers, Func<string, ICommand>? Timer)
{
    public static IReadOnlyList<Machine> All { get; } =
    [
        Of<LeadMachine, LeadState, LeadCommand, LeadEvent, LeadPhase>("lead", LeadMachine.Lifecycle, s => s.Phase, typeof(LeadRejections), typeof(LeadTimers), n => new LeadCommand.TimerElapsed(n)),
        Of<SalespersonMachine, SalespersonState, SalespersonCommand, SalespersonEvent, SalespersonPhase>("salesperson", SalespersonMachine.Lifecycle, s => s.Phase, typeof(SalespersonRejections), typeof(SalespersonTimers), n => new SalespersonCommand.TimerElapsed(n)),
        Of<SlotMachine, SlotState, SlotCommand, SlotEvent, SlotPhase>("delivery-slot", SlotMachine.Lifecycle, s => s.Phase, typeof(SlotRejections), typeof(SlotTimers), n => new SlotCommand.TimerElapsed(n)),
        Of<PoolMachine, PoolState, PoolCommand, PoolEvent, PoolPhase>("pool", PoolMachine.Lifecycle, s => s.Phase, typeof(PoolRejections), typeof(PoolTimers), n => new PoolCommand.TimerElapsed(n)),
        Of<CampaignMachine, CampaignState, CampaignCommand, CampaignEvent, SpendAction>("campaign", CampaignMachine.Lifecycle, s => s.Phase, typeof(CampaignRejections), typeof(CampaignTimers), n => new CampaignCommand.TimerElapsed(n)),
        Of<FlowMachine, FlowState, FlowCommand, FlowEvent, GatePhase>("flow", FlowMachine.Lifecycle, s => s.Phase, typeof(FlowRejections), typeof(FlowTimers), n => new FlowCommand.TimerElapsed(n)),
        Of<ContactMachine, ContactState, ContactCommand, ContactEvent, ContactPhase>("contact", ContactMachine.Lifecycle, s => s.Phase, typeof(ContactRejections), null, null),
    ];

    public static Machine For(EntityKind kind) => All.First(m => m.Kind == kind);

    public bool Allows(object before, IEvent fact, object after) => Moves.Contains((PhaseOf(before), fact.GetType().Name, PhaseOf(after)));

    private static Machine Of<TMachine, TState, TCommand, TEvent, TPhase>(
        string name, Lifecycle<TPhase> lifecycle, Func<TState, TPhase> phase, Type rejections, Type? timers, Func<string, ICommand>? timer)
        where TMachine : IMachine<TState, TCommand, TEvent>
        where TState : class
        where TCommand : ICommand
        where TEvent : IEvent
        where TPhase : struct, Enum => new(
            TMachine.Kind, name, TMachine.Initial,
            (state, command, turn) => TMachine.Decide((TState)state, (TCommand)command, turn),
            (state, fact, at) => TMachine.Evolve((TState)state, (TEvent)fact, at),
            state => phase((TState)state).ToString(),
            [.. lifecycle.Moves.Select(m => (m.From.ToString(), m.Event, m.To.ToString()))], lifecycle.ToMermaid(),
            typeof(TCommand), typeof(TEvent), rejections, timers, timer);
}
