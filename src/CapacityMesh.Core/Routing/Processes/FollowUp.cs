using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>One touch of a follow-up.</summary>
/// <param name="After">How long after the one before, or after the work was taken; the first never later than the stage's first response.</param>
/// <param name="Channel">call, email, sms or any other word.</param>
/// <param name="Template">Which words to use: an id of the caller's; null for none.</param>
public sealed record FollowUpTouch(TimeSpan After, string Channel, string? Template = null);

/// <summary>When people are left alone, by their own wall clock; over midnight when it ends before it begins.</summary>
/// <param name="From">Its begin.</param>
/// <param name="To">Its end.</param>
/// <param name="TimeZone">IANA zone of people whose own zone is unknown.</param>
public sealed record QuietHours(TimeOnly From, TimeOnly To, string TimeZone);

/// <summary>
/// How a person is followed up while somebody has their lead in hand. One touch at a time: the next is planned when the one before was made, so that
/// two channels never speak at once.
/// </summary>
/// <param name="Touches">In their order; 1 to 20.</param>
/// <param name="Quiet">When nothing is due; null for never.</param>
public sealed record FollowUp(ImmutableArray<FollowUpTouch> Touches, QuietHours? Quiet = null)
{
    /// <summary>The longest pause between two touches: a quarter.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromDays(92);

    /// <summary>Notes everything that is wrong with it.</summary>
    /// <param name="field">Where it stands in the request.</param>
    /// <param name="firstResponse">The stage's promise of a first response, if it makes one.</param>
    /// <param name="errors">Where to note it.</param>
    public void Check(string field, TimeSpan? firstResponse, FieldErrors errors)
    {
        errors.Require(Touches.Length is > 0 and <= Limits.FollowUpTouchesMax, $"{field}.touches", "invalidCount", "A follow-up has 1 to 20 touches.")
            .Require(Quiet is not { } q || q.From != q.To, $"{field}.quiet", "invalidQuietHours", "Quiet hours begin and end at different times.");
        for (var i = 0; i < Touches.Length; i++)
        {
            var touch = Touches[i];
            errors.RequireKey(touch.Channel, $"{field}.touches[{i}].channel")
                .Require(touch.After >= TimeSpan.Zero && touch.After <= PauseMax, $"{field}.touches[{i}].after", "outOfRange", "A pause lasts at most 92 days.")
                .Require(i > 0 || firstResponse is null || touch.After <= firstResponse, $"{field}.touches[{i}].after", "afterFirstResponse", "The first touch comes within the stage's first response.")
                .Require(touch.Template is null || FieldErrors.IsKey(touch.Template), $"{field}.touches[{i}].template", "invalidId", "An id has 1 to 64 letters, digits, '-', '_', '.' or ':'.");
        }
    }
}
