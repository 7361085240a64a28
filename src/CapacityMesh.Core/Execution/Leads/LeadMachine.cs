using System.Diagnostics;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

/// <summary>
/// A lead owns its journey: it alone says where it is. Salespeople, slots and pools guard their own capacity and are told.
/// The decisions of a stage stand in <c>LeadMachine.Stages.cs</c>, those before and after in <c>LeadMachine.Gate.cs</c>.
/// </summary>
public sealed partial class LeadMachine : IMachine<LeadState, LeadCommand, LeadEvent>
{
    /// <summary>Intent that asking again shows, in points.</summary>
    public const int CapturePoints = 20;

    private LeadMachine() { }

    /// <inheritdoc/>
    public static EntityKind Kind => EntityKind.Lead;

    /// <inheritdoc/>
    public static LeadState Initial { get; } = new();

    private static readonly Func<LeadState, IEvent, DateTimeOffset, LeadState> EvolveAny = (s, e, at) => Evolve(s, (LeadEvent)e, at);

    /// <inheritdoc/>
    public static Decision<LeadState> Decide(LeadState state, LeadCommand command, Turn turn)
    {
        var decision = new Decision<LeadState>(state, turn, EvolveAny);
        return command switch
        {
            LeadCommand.Open c => DecideOpen(decision, c),
            LeadCommand.Merge c => DecideMerge(decision, c),
            LeadCommand.Retract c when c.Because == LeadReasons.Erased => DecideRetract(decision, c),
            _ when state.Contact.Length == 0 => decision.Reject(LeadRejections.Unknown),
            LeadCommand.Admit c => DecideAdmit(decision, c),
            LeadCommand.Signal c => DecideSignal(decision, c),
            LeadCommand.OfferMade c => DecideOfferMade(decision, c),
            LeadCommand.Accept c => DecideAccept(decision, c),
            LeadCommand.Decline c => DecideDecline(decision, c),
            LeadCommand.Assign c => DecideAssign(decision, c),
            LeadCommand.AssignmentMade c => DecideAssignmentMade(decision, c),
            LeadCommand.WorkWithdrawn c => DecideWorkWithdrawn(decision, c),
            LeadCommand.Contacted c => DecideContacted(decision, c),
            LeadCommand.Complete c => DecideComplete(decision, c),
            LeadCommand.Return c => DecideReturn(decision, c),
            LeadCommand.SlotHeld c => DecideSlotHeld(decision, c),
            LeadCommand.SlotGone c => DecideSlotGone(decision, c),
            LeadCommand.Book c => DecideBook(decision, c),
            LeadCommand.SlotBooked c => DecideSlotBooked(decision, c),
            LeadCommand.Start => DecideStart(decision),
            LeadCommand.Retract c => DecideRetract(decision, c),
            LeadCommand.Reopen => DecideReopen(decision),
            LeadCommand.TimerElapsed c => DecideTimerElapsed(decision, c),
            _ => throw new UnreachableException($"unknown command {command}"),
        };
    }

    // A timer may fire late, twice, or after its reason has passed: only the state's own deadlines decide.
    private static Decision<LeadState> DecideTimerElapsed(Decision<LeadState> decision, LeadCommand.TimerElapsed command)
    {
        var (state, now) = (decision.State, decision.Turn.Now);
        return command.Name switch
        {
            LeadTimers.Promise when state.PromisedBy <= now && !state.PromiseBroken && state.Phase is >= LeadPhase.Queued and < LeadPhase.Started and not LeadPhase.Working
                => BreakPromise(decision),
            LeadTimers.Contact when state.ContactDue <= now && state.Phase is LeadPhase.Working
                => ReturnWork(decision, LeadReasons.FirstResponseMissed),
            LeadTimers.Touch when state.FollowUp is { IsOpen: true, IsDue: false } touch && touch.DueAt <= now && state.Phase is LeadPhase.Working
                => TouchFallsDue(decision),
            LeadTimers.Until when state.Until > now => decision.SetTimer(LeadTimers.Until, state.Until.Value),
            LeadTimers.Until => state.Phase switch
            {
                LeadPhase.Waitlisted => DecideWaitlistExpired(decision),
                LeadPhase.Offered => EndOffer(decision, LeadReasons.OfferExpired),
                LeadPhase.Working => ReturnWork(decision, LeadReasons.WorkUntouched),
                LeadPhase.Held => GiveSlotBack(decision, SlotReasons.HoldLapsed),
                LeadPhase.Started => NoteOverdue(decision),
                _ => decision,
            },
            _ => decision,
        };
    }

    private static Stage StageOf(Decision<LeadState> decision) => ProcessOf(decision).Stages[decision.State.StageIndex];

    private static Routing.Process ProcessOf(Decision<LeadState> decision) => decision.Turn.World.Process(decision.Turn.Self.Workspace, decision.State.Process);

    private static bool IsStageOfSlots(Decision<LeadState> decision) =>
        decision.State.Pool is { } pool && ProcessOf(decision).KindOf(pool) is PoolKind.Slots;

    private static Decision<LeadState> TellPool(Decision<LeadState> decision, PoolCommand command) =>
        decision.Send(EntityKind.Pool, decision.State.Pool!, command);

    private static Decision<LeadState> TellPerson(Decision<LeadState> decision, string person, SalespersonCommand command) =>
        decision.Send(EntityKind.Salesperson, person, command);

    private static Decision<LeadState> TellCampaign(Decision<LeadState> decision, Outcome outcome, string? stage = null) =>
        decision.Send(EntityKind.Campaign, decision.State.Campaign, new CampaignCommand.Count(outcome, decision.State.Value, stage));

    private static string LeadId(Decision<LeadState> decision) => decision.Turn.Self.Key;
}
