using System.Text.Json;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture;

/// <summary>A person as a request names them, checked and normalised.</summary>
internal sealed record CheckedContact(VaultProfile Profile, string? Email, string? Phone, string? TimeZone)
{
    /// <summary>Checks a contact; what is wrong goes to <paramref name="errors"/>.</summary>
    public static CheckedContact Of(ContactBody? body, string? country, IWorld world, FieldErrors errors)
    {
        var (email, phone) = (Blank(body?.Email), Blank(body?.Phone));
        var normalEmail = email is null ? null : EmailAddress.Normalise(email);
        var normalPhone = phone is null ? null : PhoneNumber.Normalise(phone, country);
        errors.Require(email is not null || phone is not null, "contact", "contactRequired", "A contact has an e-mail address or a phone number.")
            .Require(email is null || normalEmail is not null, "contact.email", "invalidEmail", "The e-mail address is not valid.")
            .Require(phone is null || normalPhone is not null, "contact.phone", "invalidPhone", "The phone number is not valid: 7 to 15 digits, + and the country code first where known.")
            .Require(body?.Name is not { Length: > Limits.NameLengthMax }, "contact.name", "tooLong", "A name has at most 200 characters.")
            .Require(body?.TimeZone is not { } zone || world.KnowsZone(zone), "contact.timeZone", "unknownTimeZone", "The time zone is not an IANA zone that we know.")
            .Require(body?.Company is not { Length: > Limits.NameLengthMax }, "contact.company", "tooLong", "A company has at most 200 characters.");
        return new CheckedContact(new VaultProfile(Blank(body?.Name), email?.Trim(), phone?.Trim(), Blank(body?.Company)), normalEmail, normalPhone, body?.TimeZone);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>Checks what a source sends.</summary>
internal static class LeadCheck
{
    private const int AttributeKeyLengthMax = 64;
    private const int AttributeLengthMax = 500;
    private const int TouchLengthMax = 2_000;

    /// <summary>Everything that is wrong with a lead, beside its contact.</summary>
    public static void Check(LeadBody body, DateTimeOffset now, FieldErrors errors)
    {
        CheckOccurredAt(body.OccurredAt, now, errors);
        errors.Require(body.Campaign is not { Length: > Limits.NameLengthMax }, "campaign", "tooLong", "A campaign's name has at most 200 characters.")
            .Require(body.Message is not { Length: > Limits.MessageLengthMax }, "message", "tooLong", "A message has at most 8,000 characters.")
            .Require(CampaignProfile.IsMoney(body.Value), "value", "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.")
            .Require(body.Skills is null || (body.Skills.Count <= Limits.SkillsMax && body.Skills.All(FieldErrors.IsKey)), "skills", "invalidSkills", "At most 20 skills, each 1 to 64 letters, digits, '-', '_', '.' or ':'.");
        if (body.Attributes is not null) CheckAttributes(body.Attributes, errors);
        if (body.Touch is { } touch) CheckTouch(touch, errors);
    }

    /// <summary>Clocks differ, but not by much; and nobody remembers what they wanted ten years ago.</summary>
    public static void CheckOccurredAt(DateTimeOffset? occurredAt, DateTimeOffset now, FieldErrors errors) => errors
        .Require(occurredAt is not { } late || late <= now + Limits.ClockSkewMax, "occurredAt", "inTheFuture", "It lies more than 10 minutes in the future.")
        .Require(occurredAt is not { } early || early >= now - Limits.PastMax, "occurredAt", "tooOld", "It lies more than ten years in the past.");

    /// <summary>Attributes as text.</summary>
    public static Dictionary<string, string>? AttributesOf(LeadBody body) =>
        body.Attributes is not { Count: > 0 } given ? null
        : given.Where(a => a.Value.ValueKind is not JsonValueKind.Null).ToDictionary(a => a.Key, a => TextOf(a.Value)!);

    private static void CheckAttributes(Dictionary<string, JsonElement> attributes, FieldErrors errors)
    {
        errors.Require(attributes.Count <= Limits.AttributesMax, "attributes", "tooMany", "A lead has at most 50 attributes.");
        foreach (var (key, value) in attributes.Take(Limits.AttributesMax))
        {
            var isFit = key.Length is > 0 and <= AttributeKeyLengthMax;
            errors.Require(isFit, isFit ? $"attributes.{key}" : "attributes", "invalidKey", "An attribute's name has 1 to 64 characters.")
                .Require(value.ValueKind is JsonValueKind.Null || TextOf(value) is { Length: <= AttributeLengthMax }, isFit ? $"attributes.{key}" : "attributes", "invalidAttribute", "An attribute is text, a number or a truth value of at most 500 characters.");
        }
    }

    private static void CheckTouch(TouchBody touch, FieldErrors errors)
    {
        foreach (var (name, value) in new[]
        {
            ("gclid", touch.Gclid), ("fbclid", touch.Fbclid), ("msclkid", touch.Msclkid), ("ttclid", touch.Ttclid), ("liFatId", touch.LiFatId),
            ("landingPage", touch.LandingPage), ("referrer", touch.Referrer), ("gbraid", touch.Gbraid), ("wbraid", touch.Wbraid), ("platformLead", touch.PlatformLead),
            ("visitor", touch.Visitor),
        })
        {
            errors.Require(value is not { Length: > TouchLengthMax }, $"touch.{name}", "tooLong", "At most 2,000 characters.");
        }
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>Ends the request when something is wrong.</summary>
    public static void ThrowIfAny(this FieldErrors errors)
    {
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
    }
}
