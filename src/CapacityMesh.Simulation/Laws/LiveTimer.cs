using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 1 and 7: a lead that is not closed waits with a live timer: its own, its slot's, or, once its promise is broken, the pool's watch over it.</summary>
public sealed class LiveTimer : ILaw
{
    /// <inheritdoc/>
    public string Name => "live timer";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var timers = picture.Timers.Select(t => t.Entity).ToHashSet();
        var workspace = picture.Live.Keys.Select(k => k.Workspace).FirstOrDefault() ?? "default";
        foreach (var (id, lead) in picture.Leads)
        {
            if (lead.IsClosed || (lead.Phase is LeadPhase.Queued && lead.PromiseBroken)) continue;
            var own = timers.Contains(new EntityId(workspace, EntityKind.Lead, id));
            var slots = lead.Slot is { } slot && timers.Contains(new EntityId(workspace, EntityKind.DeliverySlot, slot));
            if (!own && !slots) yield return $"{id} is {lead.Phase} and nothing will wake it";
        }
    }
}
