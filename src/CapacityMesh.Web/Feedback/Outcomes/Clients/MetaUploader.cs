using System.Globalization;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators.Clients;

namespace CapacityMesh.Web.Feedback.Outcomes.Clients;

/// <summary>Meta's Conversion Leads: every step of a lead, by the id that Meta gave it. One bad row refuses the whole batch.</summary>
internal sealed class MetaUploader : IOutcomeUploader
{
    public Platform Platform => Platform.Meta;

    public int BatchMax => 100;

    // Meta takes seven days; an hour of them is for the way.
    public TimeSpan AgeMax { get; } = TimeSpan.FromDays(7) - TimeSpan.FromHours(1);

    public EmailRule Emails => EmailRule.Plain;

    public bool PhonesWithPlus => false;

    public string? Missing(Connector connector) => PlatformJson.Digits(connector.Map("datasetId")).Length == 0 ? "map.datasetId" : null;

    public bool CanMatch(ReadyOutcome outcome) => outcome.EmailHash is not null || outcome.PhoneHash is not null || LeadIdOf(outcome) is not null;

    public string? ClickOf(TouchBody touch) => touch.Fbclid;

    public PlatformCall Send(Connector connector, string conversion, IReadOnlyList<ReadyOutcome> outcomes)
    {
        var address = $"{(connector.Map("uploadBaseUrl") ?? connector.Api(MetaActuator.Address)).TrimEnd('/')}/{connector.Map("apiVersion") ?? MetaActuator.Version}/{PlatformJson.Digits(connector.Map("datasetId"))}/events";
        return new PlatformCall(HttpMethod.Post, address, IsRead: false, PlatformJson.Of(new { data = outcomes.Select(o => EventOf(conversion, o)).ToArray() }));
    }

    public IReadOnlyList<UploadVerdict> Understand(IReadOnlyList<ReadyOutcome> outcomes, PlatformReply reply)
    {
        var isAll = reply.Body.Field("events_received").AsNumber() == outcomes.Count;
        var verdict = !reply.IsDone || isAll ? UploadVerdict.Of(reply) : new UploadVerdict(OutcomeState.Pending, "notAllReceived");
        return [.. outcomes.Select(_ => verdict)];
    }

    private static object EventOf(string conversion, ReadyOutcome outcome) => new
    {
        event_name = conversion,
        event_time = outcome.Record.At.ToUnixTimeSeconds(),
        event_id = outcome.Record.Id,
        action_source = "system_generated",
        user_data = new
        {
            lead_id = LeadIdOf(outcome),
            em = outcome.EmailHash is { } email ? new[] { email } : null,
            ph = outcome.PhoneHash is { } phone ? new[] { phone } : null,
        },
        custom_data = new { event_source = "crm", lead_event_source = "CapacityMesh", value = outcome.Record.Value?.Amount, currency = outcome.Record.Value?.Currency },
    };

    // An id of another form would refuse the event: 15 to 17 digits.
    private static long? LeadIdOf(ReadyOutcome outcome) =>
        outcome.Touch?.PlatformLead is { Length: >= 15 and <= 17 } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
