using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 4: a slot serves one lead; a lead holds one slot.</summary>
public sealed class SlotServesOne : ILaw
{
    /// <inheritdoc/>
    public string Name => "a slot serves one lead";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var leads = picture.Leads;
        foreach (var (slot, state) in picture.Slots)
        {
            if (state.Phase is not (SlotPhase.Held or SlotPhase.Booked or SlotPhase.Started)) continue;
            if (state.LeadId is null || leads.GetValueOrDefault(state.LeadId)?.Slot != slot) yield return $"{slot} is {state.Phase} for {state.LeadId}, which has {leads.GetValueOrDefault(state.LeadId ?? "")?.Slot ?? "no slot"}";
        }
        foreach (var shared in leads.Where(l => l.Value.Slot is not null).GroupBy(l => l.Value.Slot).Where(g => g.Count() > 1))
        {
            yield return $"{shared.Key} is claimed by {string.Join(", ", shared.Select(l => l.Key))}";
        }
    }
}
