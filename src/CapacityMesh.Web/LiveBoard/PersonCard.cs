using CapacityMesh.Core.Execution;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>A salesperson on the board: a pure function of the committed state, the instant and the name.</summary>
internal sealed record PersonCard(
    string Id, string Name, PresenceStatus Status, bool TakesOffers, IReadOnlyList<string> Pools, int Open, int Reserved, int Concurrent, decimal UsedThisWeek, decimal WeeklyCapacity,
    DateTimeOffset? NextFree)
{
    /// <summary>Null once they have left.</summary>
    public static PersonCard? Of(string id, SalespersonState state, string? name, DateTimeOffset now) =>
        state.Phase is not SalespersonPhase.Active ? null : new PersonCard(
            id, name ?? id, state.Status, SalespersonCapacity.TakesOffers(state, now), state.Profile.Pools, state.Work.Count(w => w.Open), state.Work.Count(w => !w.Open),
            state.Profile.Concurrent, SalespersonCapacity.Used(state, now), state.Profile.WeeklyCapacity, FreeFrom(state, now));

    // Null, too, when they are free already: an instant that moves with the clock would be another card at every look.
    private static DateTimeOffset? FreeFrom(SalespersonState state, DateTimeOffset now) => SalespersonCapacity.NextFree(state, now) is { } at && at > now ? at : null;
}
