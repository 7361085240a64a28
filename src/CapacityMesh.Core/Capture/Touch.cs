using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Capture;

/// <summary>A moment at which a campaign reached a person: what attribution shares a lead's worth among.</summary>
/// <param name="Campaign">As it was named then; one that nobody described counts as <see cref="Submission.Unattributed"/>.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What happened, in one word: pageVisit, captured.</param>
public sealed record Touch(string Campaign, DateTimeOffset At, string Kind);

/// <summary>The touches of one person, oldest first, bounded.</summary>
public static class Touches
{
    /// <summary>None.</summary>
    public static ImmutableArray<Touch> None => [];

    /// <summary>With one more. Beyond <see cref="Limits.TouchesMax"/> the first and the newest stay: the two that every model of attribution asks for.</summary>
    public static ImmutableArray<Touch> Plus(this ImmutableArray<Touch> touches, Touch touch)
    {
        var all = touches.Add(touch);
        return all.Length <= Limits.TouchesMax ? all : all.RemoveAt(1);
    }
}
