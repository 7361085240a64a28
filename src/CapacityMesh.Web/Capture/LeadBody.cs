using System.Text.Json;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Capture;

/// <summary>Who asks. E-mail or phone is required; the time zone, an IANA name, says when they are left alone.</summary>
internal sealed record ContactBody(string? Name, string? Email, string? Phone, string? Company, string? TimeZone = null);

/// <summary>Where the person came from: click ids of the platforms, pages, and the visitor that <c>POST /v1/signals</c> told of.</summary>
internal sealed record TouchBody(string? Gclid, string? Fbclid, string? Msclkid, string? Ttclid, string? LiFatId, string? LandingPage, string? Referrer, string? Visitor = null)
{
    /// <summary>Google's click id where the device hides the person: from the app.</summary>
    public string? Gbraid { get; init; }

    /// <summary>The same from the web.</summary>
    public string? Wbraid { get; init; }

    /// <summary>The platform's own id of the lead, where it came from the platform's form.</summary>
    public string? PlatformLead { get; init; }
}

/// <summary>What the person agreed to.</summary>
/// <param name="AdUserData">That ad platforms hear, in hashed form, what became of their enquiry.</param>
/// <param name="AdPersonalization">That platforms use it for personalised advertising.</param>
internal sealed record ConsentBody(bool? AdUserData, bool? AdPersonalization);

/// <summary>A lead, as a source sends it.</summary>
internal sealed record LeadBody(
    string? Campaign, ContactBody? Contact, DateTimeOffset? OccurredAt, string? Message, Dictionary<string, JsonElement>? Attributes, Money? Value, TouchBody? Touch,
    IReadOnlyList<string>? Skills)
{
    /// <summary>What the person agreed to; null when nobody asked.</summary>
    public ConsentBody? Consent { get; init; }
}

/// <summary>What became of it.</summary>
internal sealed record LeadReply(string LeadId, string Decision, string? Stage, int? Position, DateTimeOffset? ExpectedAt, Reason Reason)
{
    public static LeadReply Of(Captured captured) =>
        new(captured.LeadId, Json.Wire.NameOf(captured.Decision), captured.Stage, captured.Position, captured.ExpectedAt, captured.Reason);
}

/// <summary>A person, as the vault keeps them.</summary>
internal sealed record VaultProfile(string? Name, string? Email, string? Phone, string? Company);

/// <summary>What came with one lead, as the vault keeps it.</summary>
internal sealed record VaultSubmission(
    DateTimeOffset At, string Campaign, VaultProfile Contact, string? Message, IReadOnlyDictionary<string, string>? Attributes, TouchBody? Touch)
{
    /// <summary>What the person agreed to.</summary>
    public ConsentBody? Consent { get; init; }
}
