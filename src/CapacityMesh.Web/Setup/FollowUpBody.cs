using System.Collections.Immutable;
using System.Globalization;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Web.Setup;

/// <summary>One touch of a follow-up.</summary>
internal sealed record FollowUpTouchBody(TimeSpan? After, string? Channel, string? Template);

/// <summary>When people are left alone.</summary>
internal sealed record QuietBody(string? From, string? To, string? TimeZone);

/// <summary>How people are followed up.</summary>
internal sealed record FollowUpBody(IReadOnlyList<FollowUpTouchBody>? Touches, QuietBody? Quiet)
{
    /// <summary>The plan; what is wrong with its form goes to <paramref name="errors"/>.</summary>
    public FollowUp ToFollowUp(string field, IWorld world, FieldErrors errors)
    {
        var touches = ImmutableArray.CreateBuilder<FollowUpTouch>();
        foreach (var touch in Touches ?? [])
        {
            errors.Require(touch?.After is not null, $"{field}.touches[{touches.Count}].after", "required", "A touch says how long after the one before it comes.");
            touches.Add(new FollowUpTouch(touch?.After ?? TimeSpan.Zero, touch?.Channel ?? "", touch?.Template));
        }
        if (Quiet is null) return new FollowUp(touches.ToImmutable());
        var (from, to, zone) = (TimeOf(Quiet.From), TimeOf(Quiet.To), Quiet.TimeZone ?? "UTC");
        errors.Require(from is not null, $"{field}.quiet.from", "invalidTime", "A time of day is written 20:00.")
            .Require(to is not null, $"{field}.quiet.to", "invalidTime", "A time of day is written 08:00.")
            .Require(world.KnowsZone(zone), $"{field}.quiet.timeZone", "unknownTimeZone", "The time zone is not an IANA zone that we know.");
        return new FollowUp(touches.ToImmutable(), new QuietHours(from ?? new TimeOnly(20, 0), to ?? new TimeOnly(8, 0), zone));
    }

    /// <summary>The body that a plan was made of.</summary>
    public static FollowUpBody? Of(FollowUp? plan) => plan is null ? null : new FollowUpBody(
        [.. plan.Touches.Select(t => new FollowUpTouchBody(t.After, t.Channel, t.Template))],
        plan.Quiet is { } quiet ? new QuietBody(Text(quiet.From), Text(quiet.To), quiet.TimeZone) : null);

    private static string Text(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static TimeOnly? TimeOf(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
