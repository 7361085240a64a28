namespace CapacityMesh.Web.Webhooks;

/// <summary>A webhook as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where messages go.</param>
/// <param name="Events">Which: names, or <c>lead.*</c> for a family.</param>
/// <param name="Secret">The signing secret, sealed.</param>
/// <param name="CreatedAt">Since when; nothing older is sent.</param>
/// <param name="ChangedAt">When it was last described.</param>
internal sealed record WebhookRecord(string Id, string Url, IReadOnlyList<string> Events, string Secret, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    /// <summary>Whether it wants messages of a type.</summary>
    public bool Wants(string type) => Events.Any(e => e == type || (e.EndsWith(".*", StringComparison.Ordinal) && type.StartsWith(e[..^1], StringComparison.Ordinal)));
}

/// <summary>How far a message has come.</summary>
internal enum DeliveryState
{
    /// <summary>Waits, or failed and is tried again.</summary>
    Pending,
    /// <summary>The receiver said yes.</summary>
    Delivered,
    /// <summary>Given up: a dead letter. It can be sent again by hand.</summary>
    Dead,
}

/// <summary>One message to one webhook.</summary>
/// <param name="Id">Its id: rises with time, and within one entity with the entity's version.</param>
/// <param name="MessageId">The same for every attempt, and for every webhook: receivers ignore repeats by it.</param>
/// <param name="Type">What happened.</param>
/// <param name="Lane">Messages of one lane go one after the other.</param>
/// <param name="Payload">The body.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Since">When we began to try.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Due">When to try next.</param>
/// <param name="LastStatus">What the receiver last answered, if anything.</param>
/// <param name="LastFault">What kept it from answering, if anything.</param>
/// <param name="FinishedAt">When it was delivered or given up.</param>
internal sealed record DeliveryRecord(
    string Id, string MessageId, string Type, string Lane, string Payload, DeliveryState State, DateTimeOffset Since, int Attempts, DateTimeOffset Due,
    int? LastStatus, string? LastFault, DateTimeOffset? FinishedAt);
