using System.Diagnostics;
using CapacityMesh.Cluster.Grains;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Cluster;

/// <summary>From an entity's id to its grain.</summary>
public static class Mailboxes
{
    /// <summary>The mailbox of an entity.</summary>
    public static IEntityGrain MailboxOf(this IGrainFactory grains, EntityId entity)
    {
        var key = entity.ToString();
        return entity.Kind switch
        {
            EntityKind.Contact => grains.GetGrain<IContactGrain>(key),
            EntityKind.Lead => grains.GetGrain<ILeadGrain>(key),
            EntityKind.Salesperson => grains.GetGrain<ISalespersonGrain>(key),
            EntityKind.DeliverySlot => grains.GetGrain<IDeliverySlotGrain>(key),
            EntityKind.Pool => grains.GetGrain<IPoolGrain>(key),
            EntityKind.Campaign => grains.GetGrain<ICampaignGrain>(key),
            EntityKind.Flow => grains.GetGrain<IFlowGrain>(key),
            _ => throw new UnreachableException($"unknown kind {entity.Kind}"),
        };
    }
}
