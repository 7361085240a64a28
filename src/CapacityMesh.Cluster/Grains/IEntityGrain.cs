using Orleans.Concurrency;

namespace CapacityMesh.Cluster.Grains;

/// <summary>An entity's mailbox in a cluster. The grain's key is the stored form of the entity's id.</summary>
public interface IEntityGrain : IGrainWithStringKey
{
    /// <summary>A question from the edge; answered once its turn is durable.</summary>
    Task<TurnReply> AskAsync(AskLetter letter);

    /// <summary>
    /// A command that another entity's turn made. Nobody waits for it: two entities that tell each other something would otherwise wait for each
    /// other. If it gets lost, its row in the outbox remains.
    /// </summary>
    [OneWay]
    Task DeliverAsync(EffectLetter letter);

    /// <summary>A timer of this entity that is due.</summary>
    Task ElapseAsync(TimerLetter letter);
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
