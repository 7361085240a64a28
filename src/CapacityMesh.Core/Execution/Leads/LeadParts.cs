using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>How a lead left a stage.</summary>
public enum VisitEnd
{
    /// <summary>It went on.</summary>
    Passed,
    /// <summary>It was lost there.</summary>
    Lost,
    /// <summary>It was taken back while it was there.</summary>
    Left,
}

/// <summary>A lead's time in one stage, once it is over.</summary>
/// <param name="Index">The stage's place in its process.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Pool">The pool that served it.</param>
/// <param name="EnteredAt">From when.</param>
/// <param name="LeftAt">Until when.</param>
/// <param name="Worked">How long somebody had it in hand; the rest was waiting.</param>
/// <param name="Served">Whether anybody ever had it in hand.</param>
/// <param name="Broken">Whether the stage's promise was broken.</param>
/// <param name="End">How it left.</param>
public sealed record StageVisit(
    int Index, string Stage, string Pool, DateTimeOffset EnteredAt, DateTimeOffset LeftAt, TimeSpan Worked, bool Served, bool Broken, VisitEnd End);

/// <summary>How far the touches of the present stage's follow-up have come.</summary>
/// <param name="Made">Touches made in this stage.</param>
/// <param name="Number">The touch that is planned or due, from 1; 0 when none is.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Template">Which words to use, if the process names any.</param>
/// <param name="DueAt">When it is due.</param>
/// <param name="IsDue">It is due now, and somebody was told.</param>
/// <param name="Ended">Why there are no more; null while there may be.</param>
public sealed record FollowUpState(int Made, int Number, string? Channel, string? Template, DateTimeOffset? DueAt, bool IsDue, Reason? Ended)
{
    /// <summary>Nothing made, nothing planned.</summary>
    public static FollowUpState Start { get; } = new(0, 0, null, null, null, false, null);

    /// <summary>Whether one is planned or due.</summary>
    public bool IsOpen => Number > 0 && Ended is null;

    /// <summary>The same with nothing planned.</summary>
    public FollowUpState Rest() => this with { Number = 0, Channel = null, Template = null, DueAt = null, IsDue = false };
}
