using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 1 and 7: a lead that is not closed waits with the timer that its place calls for, its own or its slot's; once its promise is broken, the
/// pool watches over it.
/// </summary>
public sealed class LiveTimer : ILaw
{
    /// <inheritdoc/>
    public string Name => "live timer";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var timers = picture.Timers.Select(t => new TimerId(t.Entity, t.Name)).ToHashSet();
        foreach (var (id, lead) in picture.Leads)
        {
            if (lead.IsClosed || (lead.Phase is LeadPhase.Queued && lead.PromiseBroken)) continue;
            var self = new EntityId(picture.Workspace, EntityKind.Lead, id);
            var slot = self.Sibling(EntityKind.DeliverySlot, lead.Slot ?? "");
            var timer = lead.Phase switch
            {
                LeadPhase.Queued => new TimerId(self, LeadTimers.Promise),
                LeadPhase.Held => new TimerId(slot, SlotTimers.Hold),
                LeadPhase.Booked => new TimerId(slot, SlotTimers.End),
                _ => new TimerId(self, LeadTimers.Until),
            };
            if (!timers.Contains(timer)) yield return $"{id} is {lead.Phase} and nothing will wake it";
        }
    }
}
