using System.Collections.Frozen;
using System.Text.Json;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Feedback;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>A fact as a message: its body by Standard Webhooks' convention.</summary>
internal sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, object Data);

/// <summary>What became of a lead: ids only, nothing that names a person who asked, and no text that somebody typed.</summary>
internal sealed record LeadNews(string LeadId, string? Campaign, string? Stage, string? Pool, string? Person, string? Slot, string? Reason, TouchNews? Touch = null, string? PromiseId = null, PromiseBody? Promise = null);

/// <summary>A touch of a follow-up: whoever speaks to people for us does so now.</summary>
internal sealed record TouchNews(int Number, string Channel, string? Template, DateTimeOffset? DueAt);

/// <summary>Where the constraint is now.</summary>
internal sealed record ConstraintNews(string? From, string To, string Explanation);

/// <summary>A line of the spend table that changed.</summary>
internal sealed record SpendNews(long Version, string? Constraint, SpendLine Line);

/// <summary>Which facts are told outside, under which names.</summary>
internal static class WebhookWords
{
    private const string OfLeads = "lead.";

    private static readonly FrozenDictionary<Type, string> LeadTypes = typeof(LeadEvent).GetNestedTypes()
        .Where(t => t.IsSubclassOf(typeof(LeadEvent)) && t != typeof(LeadEvent.PromiseBroken)).ToFrozenDictionary(t => t, t => OfLeads + JsonNamingPolicy.CamelCase.ConvertName(t.Name));

    private static readonly FrozenSet<string> Known = new[] { "spend.changed", "constraint.moved", "promise.broken", "lead.*" }.Concat(LeadTypes.Values).ToFrozenSet();

    /// <summary>Whether a webhook may ask for it.</summary>
    public static bool IsKnown(string name) => Known.Contains(name);

    /// <summary>The name of a fact; null when it is not told.</summary>
    public static string? TypeOf(IEvent fact) => fact switch
    {
        FlowEvent.CampaignReported { Changed: true } => "spend.changed",
        FlowEvent.ConstraintMoved => "constraint.moved",
        LeadEvent.PromiseBroken => "promise.broken",
        LeadEvent => LeadTypes[fact.GetType()],
        _ => null,
    };

    /// <summary>Whether it may be worth a message.</summary>
    public static bool IsNews(IEvent fact) => TypeOf(fact) is not null;

    /// <summary>What goes one after the other: a campaign's signals, a lead's steps, the constraint's moves.</summary>
    public static string LaneOf(CommittedFact fact) => fact.Fact is FlowEvent.CampaignReported r ? $"campaign/{r.Report.Campaign}" : $"{EntityId.NameOf(fact.Entity.Kind)}/{fact.Entity.Key}";

    /// <summary>In the order in which it happened; of one entity by its versions.</summary>
    public static IComparer<CommittedFact> InTime { get; } = Comparer<CommittedFact>.Create((a, b) =>
        a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(DeliveryIdOf(a), DeliveryIdOf(b)) is not 0 and var order ? order : string.CompareOrdinal(MessageIdOf(a), MessageIdOf(b)));

    /// <summary>The same for the same fact, whenever and wherever it is told.</summary>
    public static string MessageIdOf(CommittedFact fact) => $"msg_{Signatures.NameOf($"{fact.Entity}@{fact.Version}.{fact.Ordinal}")}";

    /// <summary>Rises with time, and within an entity with its version.</summary>
    public static string DeliveryIdOf(CommittedFact fact) =>
        $"{fact.At.ToUnixTimeMilliseconds():D13}-{fact.Version:x10}-{fact.Ordinal:x2}-{MessageIdOf(fact)[4..12]}";

    /// <summary>No delivery of a fact of this instant, or of a later one, has an id before this.</summary>
    public static string DeliveryIdsSince(DateTimeOffset at) => $"{at.ToUnixTimeMilliseconds():D13}";

    /// <summary>The body.</summary>
    public static string PayloadOf(CommittedFact fact, TimeSpan lease, PromiseBody? promise = null) =>
        JsonSerializer.Serialize(new WebhookMessage(TypeOf(fact.Fact)!, fact.At, DataOf(fact, lease, promise)), Wire.Options);

    private static object DataOf(CommittedFact fact, TimeSpan lease, PromiseBody? promise) => fact.Fact switch
    {
        FlowEvent.CampaignReported e => new SpendNews((fact.State as FlowState)?.SpendVersion ?? 0, (fact.State as FlowState)?.Constraint?.Pool, SpendLine.Of(e.Report, fact.At + lease)),
        FlowEvent.ConstraintMoved e => new ConstraintNews(e.From, e.To, e.Explanation),
        _ => NewsOf(fact) with { Promise = promise },
    };

    private static LeadNews NewsOf(CommittedFact fact)
    {
        var state = fact.State as LeadState;
        var plain = new LeadNews(fact.Entity.Key, state?.Campaign, state?.Stage, state?.Pool, null, null, null);
        return fact.Fact switch
        {
            LeadEvent.Opened e => plain with { Campaign = e.Campaign },
            LeadEvent.Waitlisted e => plain with { Reason = e.Because.Code },
            LeadEvent.Admitted e => plain with { Reason = e.Because.Code },
            LeadEvent.Deflected e => plain with { Reason = e.Because.Code },
            LeadEvent.StageEntered e => plain with { Stage = e.Stage, Pool = e.Pool },
            LeadEvent.Offered e => plain with { Person = e.Person, Reason = e.Because.Code },
            LeadEvent.OfferEnded e => plain with { Person = e.Person, Reason = e.Because.Code },
            LeadEvent.Accepted e => plain with { Person = e.Person },
            LeadEvent.Contacted e => plain with { Person = e.Person },
            LeadEvent.TouchPlanned e => plain with { Person = state?.Person, Touch = new TouchNews(e.Number, e.Channel, e.Template, e.DueAt) },
            LeadEvent.TouchDue e => plain with { Person = e.Person, Touch = new TouchNews(e.Number, e.Channel, e.Template, fact.At) },
            LeadEvent.TouchMade e => plain with { Person = e.Person, Touch = new TouchNews(e.Number, e.Channel, null, null) },
            LeadEvent.FollowUpEnded e => plain with { Reason = e.Because.Code },
            LeadEvent.PromiseContradicted e => plain with { Person = e.Person, PromiseId = e.Promise },
            LeadEvent.Returned e => plain with { Person = e.Person, Reason = e.Because.Code },
            LeadEvent.SlotHeld e => plain with { Slot = e.Slot },
            LeadEvent.SlotBooked e => plain with { Slot = e.Slot },
            LeadEvent.SlotLost e => plain with { Slot = e.Slot, Reason = e.Because.Code },
            LeadEvent.DeliveryStarted e => plain with { Slot = e.Slot },
            LeadEvent.PromiseBroken e => plain with { Stage = e.Stage },
            LeadEvent.StagePassed e => plain with { Stage = e.Stage, Person = e.Person },
            LeadEvent.Lost e => plain with { Stage = e.Stage, Person = e.Person, Reason = e.Because.Code },
            LeadEvent.Expired e => plain with { Reason = e.Because.Code },
            LeadEvent.Retracted e => plain with { Reason = e.Because.Code },
            _ => plain,
        };
    }
}
