using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Execution;

// Following up: while somebody has the lead in hand, one touch after the other falls due, until the person replies or the stage is over.
public sealed partial class LeadMachine
{
    /// <summary>The signal that ends a follow-up.</summary>
    public const string ReplySignal = "reply";

    // The next touch, if the stage has one more; the first of a new holder within the first response, whatever its pause.
    private static void PlanTouch(Decision<LeadState> decision, TimeSpan? within = null)
    {
        var present = decision.State.FollowUp ?? FollowUpState.Start;
        if (StageOf(decision).FollowUp is not { } plan || present.Ended is not null) return;
        if (present.Made >= plan.Touches.Length)
        {
            decision.Record(new LeadEvent.FollowUpEnded(LeadReasons.FollowUpDone));
            return;
        }
        var touch = plan.Touches[present.Made];
        var pause = within is { } limit && limit < touch.After ? limit : touch.After;
        var due = Clock(decision, plan).Next(decision.Turn.Now + pause);
        decision.Record(new LeadEvent.TouchPlanned(present.Made + 1, touch.Channel, touch.Template, due)).SetTimer(LeadTimers.Touch, due);
    }

    private static QuietClock Clock(Decision<LeadState> decision, FollowUp plan) => new(plan.Quiet, decision.State.TimeZone, decision.Turn.World);

    private static Decision<LeadState> TouchFallsDue(Decision<LeadState> decision)
    {
        var present = decision.State.FollowUp!;
        return decision.Record(new LeadEvent.TouchDue(present.Number, present.Channel!, present.Template, decision.State.Person!));
    }

    // A contact is the touch that was due or planned, by whichever channel it was made; the next begins to wait.
    private static void MakeTouch(Decision<LeadState> decision, string person, string? channel)
    {
        if (decision.State.FollowUp is not { IsOpen: true } present) return;
        decision.Record(new LeadEvent.TouchMade(present.Number, channel ?? present.Channel!, person)).ClearTimer(LeadTimers.Touch);
        PlanTouch(decision);
    }

    private static void EndFollowUp(Decision<LeadState> decision, Reason because)
    {
        if (decision.State.FollowUp is not { Ended: null }) return;
        decision.Record(new LeadEvent.FollowUpEnded(because)).ClearTimer(LeadTimers.Touch);
    }
}
