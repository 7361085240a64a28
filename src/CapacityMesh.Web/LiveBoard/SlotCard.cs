using CapacityMesh.Core.Execution;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>A delivery slot on the board: a pure function of its committed state.</summary>
internal sealed record SlotCard(string Id, string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt, SlotPhase State, string? Lead)
{
    // What is over stays in sight for a week.
    private static readonly TimeSpan ShownAfterEnd = TimeSpan.FromDays(7);

    /// <summary>Null when there is nothing to show any more.</summary>
    public static SlotCard? Of(string id, SlotState state, DateTimeOffset now) =>
        state.Phase is SlotPhase.Unknown or SlotPhase.Withdrawn || (state.Phase is SlotPhase.Completed or SlotPhase.Missed && state.EndsAt + ShownAfterEnd < now)
            ? null
            : new SlotCard(id, state.Pool, state.StartsAt, state.EndsAt, state.Phase, state.LeadId);
}
