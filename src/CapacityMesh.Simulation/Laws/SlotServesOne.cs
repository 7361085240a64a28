using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 4: a slot serves one lead; a lead holds one slot; and both say the same of it.</summary>
public sealed class SlotServesOne : ILaw
{
    /// <inheritdoc/>
    public string Name => "a slot serves one lead";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn is not { Before: SlotState before, After: SlotState after }) yield break;
        if (before.LeadId is { } one && after.LeadId is { } other && one != other) yield return $"{turn.Entity.Key} went from {one} to {other} in one turn";
        if (turn.Any<SlotEvent.Booked>() && turn.At >= before.EndsAt) yield return $"{turn.Entity.Key} was booked after its time";
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var leads = picture.Leads;
        foreach (var (slot, state) in picture.Slots)
        {
            if (state.Phase is not (SlotPhase.Held or SlotPhase.Booked or SlotPhase.Started)) continue;
            if (state.LeadId is null || leads.GetValueOrDefault(state.LeadId)?.Slot != slot) yield return $"{slot} is {state.Phase} for {state.LeadId}, which has {leads.GetValueOrDefault(state.LeadId ?? "")?.Slot ?? "no slot"}";
        }
        foreach (var (id, lead) in leads)
        {
            if (lead.Slot is not { } slot) continue;
            var state = picture.Slots.GetValueOrDefault(slot);
            var same = state?.LeadId == id && (lead.Phase, state.Phase) is (LeadPhase.Held, SlotPhase.Held) or (LeadPhase.Booked, SlotPhase.Booked) or (LeadPhase.Started, SlotPhase.Started);
            if (!same) yield return $"{id} is {lead.Phase} in {slot}, which is {state?.Phase.ToString() ?? "unknown"} for {state?.LeadId ?? "nobody"}";
        }
    }
}
