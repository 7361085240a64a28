using System.Text.Json;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Json;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>A line of the feed.</summary>
internal sealed record FeedItem(DateTimeOffset At, string Kind, string Text, string? Lead);

/// <summary>A sentence about somebody; <paramref name="Key"/> is the id that stands for the name, null when it names nobody.</summary>
internal readonly record struct FeedWord(string Before, string? Key = null, string After = "", EntityKind Kind = EntityKind.Salesperson);

/// <summary>News whose names are not known yet: facts hold ids alone.</summary>
internal sealed record FeedNews(DateTimeOffset At, string Kind, FeedWord Word, string? Lead)
{
    /// <summary>The line, with the name that <paramref name="nameOf"/> knows, else the id.</summary>
    public FeedItem Named(Func<EntityKind, string, string?> nameOf)
    {
        var who = Word.Key is { } key ? nameOf(Word.Kind, key) ?? key : "";
        return new FeedItem(At, Kind, $"{Word.Before}{who}{Word.After}", Lead);
    }
}

/// <summary>The decisions that people want to see go by, in words.</summary>
internal static class FeedWords
{
    /// <summary>The news in a fact; null when it is not worth a line.</summary>
    public static FeedNews? Of(EntityId entity, IEvent fact, DateTimeOffset at)
    {
        if (WordOf(entity.Key, fact) is not { } word) return null;
        var kind = JsonNamingPolicy.CamelCase.ConvertName(fact.GetType().Name);
        return new FeedNews(at, kind, word, entity.Kind is EntityKind.Lead ? entity.Key : null);
    }

    private static FeedWord? WordOf(string key, IEvent fact) => fact switch
    {
        LeadEvent.Admitted => new("A lead was let in."),
        LeadEvent.Waitlisted e => new($"A lead waits at the gate, place {e.Position}: {e.Because.Text}"),
        LeadEvent.Deflected e => new($"A lead was turned away: {e.Because.Text}"),
        LeadEvent.Offered e => new("A lead was offered to ", e.Person, "."),
        LeadEvent.OfferEnded e => new("An offer to ", e.Person, $" ended: {e.Because.Text}"),
        LeadEvent.Accepted { Assigned: true } e => new("A lead was given to ", e.Person, "."),
        LeadEvent.Accepted e => new("", e.Person, " took a lead."),
        LeadEvent.Returned e => new("A lead came back from ", e.Person, $": {e.Because.Text}"),
        LeadEvent.SlotBooked e => new($"The slot {e.Slot} is booked."),
        LeadEvent.DeliveryStarted e => new($"Delivery began in {e.Slot}."),
        LeadEvent.PromiseBroken e => new($"The promise of {e.Stage} was broken."),
        LeadEvent.StagePassed e => new($"A lead passed {e.Stage}."),
        LeadEvent.Won => new("A deal is won."),
        LeadEvent.Delivered => new("A client is delivered."),
        LeadEvent.Lost e => new($"A lead was lost at {e.Stage}."),
        LeadEvent.Expired => new("A lead waited too long at the gate."),
        FlowEvent.ConstraintMoved e => new($"The constraint moved to {e.To}: {e.Explanation}"),
        FlowEvent.GateOpened => new("The gate opened."),
        FlowEvent.GateClosed e => new($"The gate closed: {e.Because.Text}"),
        FlowEvent.ProcessDefined e => new($"Version {e.Process.Version} of the process was published."),
        CampaignEvent.SignalChanged e => Campaign(key, $": {Wire.NameOf(e.Signal.Action)} at {e.Signal.Multiplier:0.##}. {e.Signal.Reason.Text}"),
        CampaignEvent.Proposed { Signal: { } signal } => Campaign(key, $": {Wire.NameOf(signal.Action)} is proposed. {signal.Reason.Text}"),
        CampaignEvent.HoldSet e => Campaign(key, e.Hold is { } hold ? $" is held at {Wire.NameOf(hold.Action)}." : " is no longer held."),
        SalespersonEvent.StatusSet e => new("", key, $" is {Wire.NameOf(e.Status)}."),
        SalespersonEvent.Removed => new("", key, " left."),
        SlotEvent.Withdrawn => new($"The slot {key} was withdrawn."),
        _ => null,
    };

    private static FeedWord Campaign(string key, string after) => new("", key, after, EntityKind.Campaign);
}
