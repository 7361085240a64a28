using System.Globalization;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators.Clients;

namespace CapacityMesh.Web.Feedback.Outcomes.Clients;

/// <summary>LinkedIn's conversions API, in batches; each element has its own answer.</summary>
internal sealed class LinkedInUploader : IOutcomeUploader
{
    private const string Urn = "urn:lla:llaPartnerConversion:";

    public Platform Platform => Platform.LinkedIn;

    public int BatchMax => 100;

    // The longest usual attribution window.
    public TimeSpan AgeMax { get; } = TimeSpan.FromDays(90);

    public EmailRule Emails => EmailRule.Plain;

    public bool PhonesWithPlus => true;

    public string? Missing(Connector connector) => null;

    public bool CanMatch(ReadyOutcome outcome) => outcome.EmailHash is not null || outcome.Touch?.LiFatId is not null;

    public string? ClickOf(TouchBody touch) => touch.LiFatId;

    public PlatformCall Send(Connector connector, string conversion, IReadOnlyList<ReadyOutcome> outcomes)
    {
        var urn = conversion.StartsWith("urn:", StringComparison.Ordinal) ? conversion : Urn + conversion;
        var address = $"{(connector.Map("uploadBaseUrl") ?? connector.Api(LinkedInActuator.Address)).TrimEnd('/')}/rest/conversionEvents";
        return new PlatformCall(HttpMethod.Post, address, IsRead: false, PlatformJson.Of(new { elements = outcomes.Select(o => ElementOf(urn, o)).ToArray() }))
        {
            Headers = [.. LinkedInActuator.Headers(connector), new("X-RestLi-Method", "BATCH_CREATE")],
        };
    }

    public IReadOnlyList<UploadVerdict> Understand(IReadOnlyList<ReadyOutcome> outcomes, PlatformReply reply)
    {
        if (!reply.IsDone) return [.. outcomes.Select(_ => UploadVerdict.Of(reply))];
        var answers = reply.Body.Field("elements").Elements().Select(e => e.Field("status").AsNumber()).ToArray();
        return [.. outcomes.Select((_, i) => i >= answers.Length ? UploadVerdict.Done : VerdictOf(answers[i]))];
    }

    private static UploadVerdict VerdictOf(decimal? status) => status switch
    {
        null or (>= 200 and < 300) => UploadVerdict.Done,
        429 or >= 500 => new UploadVerdict(OutcomeState.Pending, $"element {status}"),
        _ => new UploadVerdict(OutcomeState.Dead, $"element {status}"),
    };

    private static object ElementOf(string urn, ReadyOutcome outcome)
    {
        var ids = new List<object>();
        if (outcome.EmailHash is { } email) ids.Add(new { idType = "SHA256_EMAIL", idValue = email });
        if (outcome.Touch?.LiFatId is { } tracking) ids.Add(new { idType = "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", idValue = tracking });
        var value = outcome.Record.Value;
        return new
        {
            conversion = urn,
            conversionHappenedAt = outcome.Record.At.ToUnixTimeMilliseconds(),
            conversionValue = value is null ? null : new { currencyCode = value.Currency, amount = value.Amount.ToString("0.00", CultureInfo.InvariantCulture) },
            eventId = outcome.Record.Id,
            user = new { userIds = ids },
        };
    }
}
