using Orleans.Concurrency;

namespace CapacityMesh.Cluster.Grains;

/// <summary>An entity's mailbox in a cluster. The grain's key is the stored form of the entity's id.</summary>
public interface IEntityGrain : IGrainWithStringKey
{
    /// <summary>A question from the edge; answered once its turn is durable.</summary>
    Task<TurnReply> AskAsync(AskLetter letter, CancellationToken cancel);

    /// <summary>
    /// Commands that another entity's turns made, in their order; answered once their turns are durable. The sender waits, so that a pair's effects
    /// stay in order; its turns do not wait for it, so that two entities that tell each other something never wait for each other.
    /// </summary>
    Task<DeliveryReply> DeliverAsync(EffectLetter[] letters);

    /// <summary>A timer of this entity that is due; false when it failed and shall be tried later.</summary>
    Task<bool> ElapseAsync(TimerLetter letter);

    /// <summary>Something that this entity owes to others is still waiting: the activation reads and sends it.</summary>
    [OneWay]
    Task OweAsync();

    /// <summary>Brings the entity's activation to life: somebody of its silo has something for it.</summary>
    Task WakeAsync();

    /// <summary>Leaves memory once it is idle: its workspace is at home elsewhere now.</summary>
    [OneWay]
    Task LeaveAsync();
}

/// <summary>Identity: which lead is this person.</summary>
public interface IContactGrain : IEntityGrain;

/// <summary>A lead's journey.</summary>
public interface ILeadGrain : IEntityGrain;

/// <summary>One person's capacity.</summary>
public interface ISalespersonGrain : IEntityGrain;

/// <summary>One delivery slot.</summary>
public interface IDeliverySlotGrain : IEntityGrain;

/// <summary>The queue in front of one resource.</summary>
public interface IPoolGrain : IEntityGrain;

/// <summary>Money, outcomes and the spend signal of one campaign.</summary>
public interface ICampaignGrain : IEntityGrain;

/// <summary>Counts, headroom, gate, constraint and spend plan of one workspace.</summary>
public interface IFlowGrain : IEntityGrain;
