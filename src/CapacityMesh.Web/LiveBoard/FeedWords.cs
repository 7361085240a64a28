using System.Text.Json;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>A line of the feed.</summary>
internal sealed record FeedItem(DateTimeOffset At, string Kind, string Text, string? Lead);

/// <summary>The decisions that people want to see go by, in words.</summary>
internal static class FeedWords
{
    /// <summary>The line for a fact; null when it is not worth one.</summary>
    public static FeedItem? Of(EntityId entity, IEvent fact, DateTimeOffset at)
    {
        if (TextOf(entity.Key, fact) is not { } text) return null;
        var kind = JsonNamingPolicy.CamelCase.ConvertName(fact.GetType().Name);
        return new FeedItem(at, kind, text, entity.Kind is EntityKind.Lead ? entity.Key : null);
    }

    private static string? TextOf(string key, IEvent fact) => fact switch
    {
        LeadEvent.Admitted => "A lead was let in.",
        LeadEvent.Waitlisted e => $"A lead waits at the gate, place {e.Position}: {e.Because.Text}",
        LeadEvent.Deflected e => $"A lead was turned away: {e.Because.Text}",
        LeadEvent.Offered e => $"A lead was offered to {e.Person}.",
        LeadEvent.OfferEnded e => $"An offer to {e.Person} ended: {e.Because.Text}",
        LeadEvent.Accepted e => e.Assigned ? $"A lead was given to {e.Person}." : $"{e.Person} took a lead.",
        LeadEvent.Returned e => $"A lead came back from {e.Person}: {e.Because.Text}",
        LeadEvent.SlotBooked e => $"The slot {e.Slot} is booked.",
        LeadEvent.DeliveryStarted e => $"Delivery began in {e.Slot}.",
        LeadEvent.PromiseBroken e => $"The promise of {e.Stage} was broken.",
        LeadEvent.StagePassed e => $"A lead passed {e.Stage}.",
        LeadEvent.Won => "A deal is won.",
        LeadEvent.Delivered => "A client is delivered.",
        LeadEvent.Lost e => $"A lead was lost at {e.Stage}.",
        LeadEvent.Expired => "A lead waited too long at the gate.",
        FlowEvent.ConstraintMoved e => $"The constraint moved to {e.To}: {e.Explanation}",
        FlowEvent.GateOpened => "The gate opened.",
        FlowEvent.GateClosed e => $"The gate closed: {e.Because.Text}",
        FlowEvent.ProcessDefined e => $"Version {e.Process.Version} of the process was published.",
        CampaignEvent.SignalChanged e => $"{key}: {Wire.NameOf(e.Signal.Action)} at {e.Signal.Multiplier:0.##}. {e.Signal.Reason.Text}",
        CampaignEvent.Proposed { Signal: { } signal } => $"{key}: {Wire.NameOf(signal.Action)} is proposed. {signal.Reason.Text}",
        CampaignEvent.HoldSet e => e.Hold is { } hold ? $"{key} is held at {Wire.NameOf(hold.Action)}." : $"{key} is no longer held.",
        SalespersonEvent.StatusSet e => $"{key} is {Wire.NameOf(e.Status)}.",
        SalespersonEvent.Removed => $"{key} left.",
        SlotEvent.Withdrawn => $"The slot {key} was withdrawn.",
        _ => null,
    };
}
