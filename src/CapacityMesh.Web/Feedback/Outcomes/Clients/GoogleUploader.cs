using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators.Clients;

namespace CapacityMesh.Web.Feedback.Outcomes.Clients;

/// <summary>Google's Data Manager API: events go in, and what became of them is asked for later.</summary>
internal sealed class GoogleUploader : IOutcomeUploader
{
    private const string Address = "https://datamanager.googleapis.com";
    private static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(30);

    public Platform Platform => Platform.Google;

    // The API takes 2,000; a hundred are a body of some 100 KB.
    public int BatchMax => 100;

    public TimeSpan AgeMax { get; } = TimeSpan.FromDays(90);

    public EmailRule Emails => EmailRule.Gmail;

    public bool PhonesWithPlus => true;

    public string? Missing(Connector connector) => PlatformJson.Digits(connector.Map("customerId")).Length == 0 ? "map.customerId" : null;

    public bool CanMatch(ReadyOutcome outcome) => outcome.EmailHash is not null || outcome.PhoneHash is not null || (outcome.Touch is { } touch && ClickOf(touch) is not null);

    public string? ClickOf(TouchBody touch) => touch.Gclid ?? touch.Gbraid ?? touch.Wbraid;

    public PlatformCall Send(Connector connector, string conversion, IReadOnlyList<ReadyOutcome> outcomes)
    {
        var login = PlatformJson.Digits(connector.Map("loginCustomerId"));
        var destination = new
        {
            operatingAccount = new { accountType = "GOOGLE_ADS", accountId = PlatformJson.Digits(connector.Map("customerId")) },
            loginAccount = login.Length > 0 ? new { accountType = "GOOGLE_ADS", accountId = login } : null,
            productDestinationId = conversion,
        };
        var body = new { destinations = new[] { destination }, events = outcomes.Select(EventOf).ToArray(), encoding = "HEX", validateOnly = false };
        return new PlatformCall(HttpMethod.Post, $"{BaseOf(connector)}/v1/events:ingest", IsRead: false, PlatformJson.Of(body));
    }

    public IReadOnlyList<UploadVerdict> Understand(IReadOnlyList<ReadyOutcome> outcomes, PlatformReply reply)
    {
        var verdict = !reply.IsDone ? UploadVerdict.Of(reply)
            : reply.Body.Field("requestId").AsText() is { } id ? new UploadVerdict(OutcomeState.Sent, Receipt: id, RetryAfter: AskAfter)
            : new UploadVerdict(OutcomeState.Pending, "noRequestId");
        return [.. outcomes.Select(_ => verdict)];
    }

    public PlatformCall? Ask(Connector connector, string receipt) =>
        new(HttpMethod.Get, $"{BaseOf(connector)}/v1/requestStatus:retrieve?requestId={Uri.EscapeDataString(receipt)}", IsRead: true);

    public UploadVerdict Result(PlatformReply reply)
    {
        if (!reply.IsDone) return reply.Result is CallResult.Refused ? new UploadVerdict(OutcomeState.Dead, reply.Fault) : UploadVerdict.Of(reply);
        var statuses = reply.Body.Field("requestStatusPerDestination").Elements().Select(d => d.Field("requestStatus").AsText()).ToArray();
        if (statuses.Length > 0 && statuses.All(s => s == "SUCCESS")) return UploadVerdict.Done;
        if (statuses.FirstOrDefault(s => s is "FAILED" or "PARTIAL_SUCCESS") is { } bad)
        {
            var why = reply.Body.Path("requestStatusPerDestination.0.errorInfo.errorCounts.0.reason").AsText();
            return new UploadVerdict(OutcomeState.Dead, why is null ? bad : $"{bad}: {why}");
        }
        return new UploadVerdict(OutcomeState.Pending, "processing", RetryAfter: AskAfter);
    }

    private static object EventOf(ReadyOutcome outcome)
    {
        var (record, touch) = (outcome.Record, outcome.Touch);
        var identifiers = new List<object>();
        if (outcome.EmailHash is { } email) identifiers.Add(new { emailAddress = email });
        if (outcome.PhoneHash is { } phone) identifiers.Add(new { phoneNumber = phone });
        return new
        {
            transactionId = record.Id,
            eventTimestamp = record.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            adIdentifiers = touch?.Gclid is null && touch?.Gbraid is null && touch?.Wbraid is null ? null : new { gclid = touch.Gclid, gbraid = touch.Gclid is null ? touch.Gbraid : null, wbraid = touch.Gclid is null && touch.Gbraid is null ? touch.Wbraid : null },
            userData = identifiers.Count > 0 ? new { userIdentifiers = identifiers } : null,
            consent = new { adUserData = "CONSENT_GRANTED", adPersonalization = outcome.Personalised is { } yes ? (yes ? "CONSENT_GRANTED" : "CONSENT_DENIED") : null },
            currency = record.Value?.Currency,
            conversionValue = record.Value?.Amount,
            eventSource = "WEB",
        };
    }

    private static string BaseOf(Connector connector) => (connector.Map("uploadBaseUrl") ?? connector.Api(Address)).TrimEnd('/');
}
