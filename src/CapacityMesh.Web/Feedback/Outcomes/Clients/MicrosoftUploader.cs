using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Feedback.Actuators.Clients;

namespace CapacityMesh.Web.Feedback.Outcomes.Clients;

/// <summary>Microsoft's offline conversions. A repeat of the same click and time is ignored; the goal must be two hours old before it takes any.</summary>
internal sealed class MicrosoftUploader : IOutcomeUploader
{
    public Platform Platform => Platform.Microsoft;

    // The API takes 1,000.
    public int BatchMax => 100;

    public TimeSpan AgeMax { get; } = TimeSpan.FromDays(90);

    public EmailRule Emails => EmailRule.NoDots;

    public bool PhonesWithPlus => true;

    public string? Missing(Connector connector) =>
        connector.Map("accountId") is null ? "map.accountId" : connector.Map("customerId") is null ? "map.customerId" : connector.Secret("developerToken") is null ? "secrets.developerToken" : null;

    public bool CanMatch(ReadyOutcome outcome) => outcome.Touch?.Msclkid is not null || outcome.EmailHash is not null || outcome.PhoneHash is not null;

    public string? ClickOf(TouchBody touch) => touch.Msclkid;

    public PlatformCall Send(Connector connector, string conversion, IReadOnlyList<ReadyOutcome> outcomes) =>
        MicrosoftActuator.Call(connector, HttpMethod.Post, "OfflineConversions/Apply", isRead: false, new
        {
            OfflineConversions = outcomes.Select(o => new
            {
                ConversionName = conversion,
                ConversionTime = o.Record.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", System.Globalization.CultureInfo.InvariantCulture),
                ConversionValue = o.Record.Value?.Amount,
                ConversionCurrencyCode = o.Record.Value?.Currency,
                MicrosoftClickId = o.Touch?.Msclkid,
                HashedEmailAddress = o.EmailHash,
                HashedPhoneNumber = o.PhoneHash,
            }).ToArray(),
        });

    public IReadOnlyList<UploadVerdict> Understand(IReadOnlyList<ReadyOutcome> outcomes, PlatformReply reply)
    {
        var partial = reply.Body.Field("PartialErrors").Elements().Where(e => e.Field("Index").AsNumber() is not null).ToArray();
        if (partial.Length == 0) return [.. outcomes.Select(_ => UploadVerdict.Of(reply))];
        // 200 with a list of those that were refused: the others were taken.
        var refused = partial.GroupBy(e => (int)e.Field("Index").AsNumber()!.Value).ToDictionary(g => g.Key, g => g.First().Field("ErrorCode").AsText() ?? g.First().Field("Code").AsText());
        return [.. outcomes.Select((_, i) => refused.TryGetValue(i, out var code) ? new UploadVerdict(OutcomeState.Dead, code ?? "partialError") : UploadVerdict.Done)];
    }
}
