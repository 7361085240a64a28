using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>Starts the machines of a host in the states of a picture, each with the timers that its state implies.</summary>
public static class Planting
{
    // A lead waits a moment for the slot's own word on the end of its hold.
    private static readonly TimeSpan HoldGrace = TimeSpan.FromMinutes(1);

    /// <summary>Plants everything.</summary>
    public static void Plant(Picture picture, VirtualHost host)
    {
        var flow = EntityId.Flow(host.Workspace);
        host.Plant(flow, picture.Flow);
        foreach (var (id, pool) in picture.Pools) host.Plant(Id(EntityKind.Pool, id), pool);
        foreach (var (id, slot) in picture.Slots) PlantSlot(Id(EntityKind.DeliverySlot, id), slot);
        foreach (var (id, lead) in picture.Leads) PlantLead(Id(EntityKind.Lead, id), lead);
        foreach (var (id, campaign) in picture.Campaigns)
        {
            host.Plant(Id(EntityKind.Campaign, id), campaign);
            Set(Id(EntityKind.Campaign, id), CampaignTimers.Dwell, picture.At);
            if (campaign.Hold is { Until: { } until }) Set(Id(EntityKind.Campaign, id), CampaignTimers.Hold, until);
        }
        foreach (var (id, person) in picture.People)
        {
            host.Plant(Id(EntityKind.Salesperson, id), person);
            if (person.Phase is SalespersonPhase.Active) Set(Id(EntityKind.Salesperson, id), SalespersonTimers.Calendar, picture.At);
        }
        // Everybody looks around at once: what changed between two pictures shows from the first moment.
        foreach (var id in picture.Pools.Keys) Set(Id(EntityKind.Pool, id), PoolTimers.Match, picture.At);
        Set(flow, FlowTimers.Tick, picture.At);

        EntityId Id(EntityKind kind, string key) => new(host.Workspace, kind, key);

        void Set(EntityId entity, string name, DateTimeOffset due) => host.Plant(new StoredTimer(entity, name, due > picture.At ? due : picture.At));

        void PlantSlot(EntityId id, SlotState slot)
        {
            host.Plant(id, slot);
            if (slot.HeldUntil is { } until) Set(id, SlotTimers.Hold, until);
            if (slot.Phase is SlotPhase.Open or SlotPhase.Held or SlotPhase.Booked) Set(id, SlotTimers.End, slot.EndsAt);
        }

        void PlantLead(EntityId id, LeadState lead)
        {
            host.Plant(id, lead);
            if (lead.Until is { } until && lead.Phase is not LeadPhase.Booked) Set(id, LeadTimers.Until, lead.Phase is LeadPhase.Held ? until + HoldGrace : until);
            if (lead.ContactDue is { } due) Set(id, LeadTimers.Contact, due);
            var promised = lead.Phase is LeadPhase.Queued or LeadPhase.Offered or LeadPhase.Held or LeadPhase.Booked;
            if (promised && !lead.PromiseBroken && lead.PromisedBy is { } by) Set(id, LeadTimers.Promise, by);
        }
    }
}
