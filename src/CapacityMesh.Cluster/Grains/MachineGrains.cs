namespace CapacityMesh.Cluster.Grains;

// Leads and contacts are many and seldom busy: they leave memory after two minutes, the shortest that the runtime's collector looks for.

/// <summary>Runs <see cref="Core.Capture.ContactMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
public sealed class ContactGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IContactGrain;

/// <summary>Runs <see cref="Core.Execution.LeadMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
public sealed class LeadGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ILeadGrain;

/// <summary>Runs <see cref="Core.Execution.SalespersonMachine"/>.</summary>
public sealed class SalespersonGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ISalespersonGrain;

/// <summary>Runs <see cref="Core.Execution.SlotMachine"/>.</summary>
public sealed class DeliverySlotGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IDeliverySlotGrain;

/// <summary>Runs <see cref="Core.Routing.PoolMachine"/>.</summary>
public sealed class PoolGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IPoolGrain;

/// <summary>Runs <see cref="Core.Feedback.CampaignMachine"/>.</summary>
public sealed class CampaignGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ICampaignGrain;

/// <summary>Runs <see cref="Core.Routing.FlowMachine"/>.</summary>
public sealed class FlowGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IFlowGrain;
