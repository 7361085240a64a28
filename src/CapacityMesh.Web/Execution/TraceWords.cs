using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Execution;

/// <summary>What a fact says, who acted, and why.</summary>
internal readonly record struct TraceWord(string Text, string Actor, Reason? Reason = null);

/// <summary>A lead's facts in words.</summary>
internal static class TraceWords
{
    private const string Gate = "gate";
    private const string Source = "source";
    private const string Mesh = "mesh";

    /// <summary>The words for a fact; <paramref name="nameOf"/> knows people's names by their ids. The actor stays an id.</summary>
    public static TraceWord Of(IEvent fact, Func<string, string> nameOf) => fact switch
    {
        LeadEvent.Opened e => new($"Captured from {e.Campaign}.", Source),
        LeadEvent.Waitlisted e => new($"Waits at the gate, place {e.Position}.", Gate, e.Because),
        LeadEvent.Admitted e => new("Let in.", Gate, e.Because),
        LeadEvent.Deflected e => new("Turned away.", Gate, e.Because),
        LeadEvent.StageEntered e => new($"Entered {e.Stage}; waits in {e.Pool}.", Mesh),
        LeadEvent.Offered e => new($"Offered to {nameOf(e.Person)}.", Mesh, e.Because),
        LeadEvent.OfferEnded e => new($"The offer to {nameOf(e.Person)} ended.", e.Person, e.Because),
        LeadEvent.Accepted { Assigned: true } e => new($"Given to {nameOf(e.Person)} by hand.", "operator", LeadReasons.Assigned),
        LeadEvent.Accepted e => new($"{nameOf(e.Person)} took it.", e.Person),
        LeadEvent.Contacted e => new($"{nameOf(e.Person)} made contact.", e.Person),
        LeadEvent.TouchPlanned e => new($"Touch {e.Number} by {e.Channel} is planned.", Mesh),
        LeadEvent.TouchDue e => new($"Touch {e.Number} by {e.Channel} is due.", Mesh),
        LeadEvent.TouchMade e => new($"{nameOf(e.Person)} made touch {e.Number} by {e.Channel}.", e.Person),
        LeadEvent.FollowUpEnded e => new("The follow-up is over.", Mesh, e.Because),
        LeadEvent.PromiseContradicted e => new($"What was said contradicts the promise {e.Promise}.", e.Person),
        LeadEvent.Returned e => new($"Came back from {nameOf(e.Person)}.", e.Person, e.Because),
        LeadEvent.SlotHeld e => new($"The slot {e.Slot} is held.", Mesh),
        LeadEvent.SlotBooked e => new($"The slot {e.Slot} is booked.", "operator"),
        LeadEvent.SlotLost e => new($"The slot {e.Slot} is gone.", Mesh, e.Because),
        LeadEvent.DeliveryStarted e => new($"Delivery began in {e.Slot}.", "operator"),
        LeadEvent.DeliveryOverdue => new("Delivery rests longer than work may.", Mesh),
        LeadEvent.PromiseBroken e => new($"The promise of {e.Stage} was broken.", Mesh),
        LeadEvent.StagePassed e => new($"Passed {e.Stage}.", e.Person ?? "operator"),
        LeadEvent.Won => new("The deal is won.", Mesh),
        LeadEvent.Delivered => new("Delivered.", Mesh),
        LeadEvent.Lost e => new($"Lost at {e.Stage}.", e.Person ?? "operator", e.Because),
        LeadEvent.Expired e => new("Waited too long at the gate.", Gate, e.Because),
        LeadEvent.Retracted e => new("Taken back.", Source, e.Because),
        LeadEvent.Reopened => new("Opened again.", "operator"),
        LeadEvent.SignalNoted e => new($"The person showed intent: {e.Kind}.", Source),
        _ => new(fact.GetType().Name, Mesh),
    };
}
