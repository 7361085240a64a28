using System.Text.Json;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Projections;

/// <summary>The lead index: a row is a function of the lead's state, written in the same transaction; so the list equals the journal.</summary>
public static class LeadRows
{
    private static readonly string[] States = [.. Enum.GetNames<LeadPhase>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>The name of a phase on the wire and in the index.</summary>
    public static string NameOf(LeadPhase phase) => States[(int)phase];

    /// <summary>A lead's row.</summary>
    public static LeadRow Of(EntityId id, LeadState state, DateTimeOffset changedAt) => new(
        id.Workspace, id.Key, NameOf(state.Phase), state.Stage, state.Pool, state.Campaign, state.Contact, state.Person, state.Slot,
        state.CapturedAt, changedAt, state.ClosedAt, state.PromisesBroken > 0);
}
