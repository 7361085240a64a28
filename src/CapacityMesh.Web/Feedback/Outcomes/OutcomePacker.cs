using System.Security.Cryptography;
using System.Text;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>Joins an outcome with the person, from the vault, if the person agreed; what leaves here are hashes.</summary>
internal sealed class OutcomePacker(IMesh mesh, Workspaces workspaces)
{
    /// <summary>The outcome, or the reason why it does not go out.</summary>
    public async ValueTask<(ReadyOutcome? Ready, string? Reason)> PackAsync(Connector connector, IOutcomeUploader uploader, OutcomeRecord record, DateTimeOffset now, CancellationToken cancel)
    {
        if (now - record.At > uploader.AgeMax) return (null, "tooOld");
        var rows = mesh.Journal.Rows;
        var submission = await rows.SubmissionAsync(connector.Workspace, record.Contact, record.LeadId, cancel);
        var profile = await rows.ProfileAsync(connector.Workspace, record.Contact, cancel);
        if (submission is null || profile is null) return (null, "erased");
        // What the person said counts; where forms ask for it themselves, the connector may say so for all.
        var agreed = submission.Consent?.AdUserData ?? connector.Map("uploadConsent") == "granted";
        if (!agreed) return (null, "noConsent");
        var country = (await workspaces.FindAsync(connector.Workspace, cancel))?.PhoneCountry;
        var email = profile.Email is { } e ? EmailAddress.Normalise(e) : null;
        var phone = profile.Phone is { } p ? PhoneNumber.Normalise(p, country) : null;
        var ready = new ReadyOutcome(
            record, Hash(email is null ? null : Written(email, RuleOf(connector, uploader))),
            // Without its country a number means another one elsewhere.
            Hash(phone is ['+', ..] ? (uploader.PhonesWithPlus ? phone : phone[1..]) : null),
            submission.Touch, submission.Consent?.AdPersonalization);
        return uploader.CanMatch(ready) ? (ready, null) : (null, "nothingToMatch");
    }

    /// <summary>An address as a platform wants it before hashing; it is normalised already.</summary>
    public static string Written(string email, EmailRule rule)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var (local, domain) = (email[..at], email[(at + 1)..]);
        if (rule is EmailRule.Gmail && domain is "gmail.com" or "googlemail.com") local = local.Replace(".", "", StringComparison.Ordinal);
        if (rule is EmailRule.NoDots) local = local.Split('+')[0].Replace(".", "", StringComparison.Ordinal);
        return $"{local}@{domain}";
    }

    private static EmailRule RuleOf(Connector connector, IOutcomeUploader uploader) => Enum.TryParse<EmailRule>(connector.Map("emailRule"), ignoreCase: true, out var rule) ? rule : uploader.Emails;

    private static string? Hash(string? text) => text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
