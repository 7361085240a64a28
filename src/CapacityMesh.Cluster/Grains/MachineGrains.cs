using Orleans.Placement;

namespace CapacityMesh.Cluster.Grains;

// A contact is asked by the edge alone, so it lives where it was first asked; everybody else is asked from everywhere, and spread by chance. Left to
// itself the runtime puts them where memory is free, which in a new cluster is one silo.
// Leads and contacts are many and seldom busy: they leave memory after two minutes, the shortest that the runtime's collector looks for.

/// <summary>Runs <see cref="Core.Capture.ContactMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
[PreferLocalPlacement]
public sealed class ContactGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IContactGrain;

/// <summary>Runs <see cref="Core.Execution.LeadMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
[RandomPlacement]
public sealed class LeadGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ILeadGrain;

/// <summary>Runs <see cref="Core.Execution.SalespersonMachine"/>.</summary>
[RandomPlacement]
public sealed class SalespersonGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ISalespersonGrain;

/// <summary>Runs <see cref="Core.Execution.SlotMachine"/>.</summary>
[RandomPlacement]
public sealed class DeliverySlotGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IDeliverySlotGrain;

/// <summary>Runs <see cref="Core.Routing.PoolMachine"/>.</summary>
[RandomPlacement]
public sealed class PoolGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IPoolGrain;

/// <summary>Runs <see cref="Core.Feedback.CampaignMachine"/>.</summary>
[RandomPlacement]
public sealed class CampaignGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ICampaignGrain;

/// <summary>Runs <see cref="Core.Routing.FlowMachine"/>.</summary>
[RandomPlacement]
public sealed class FlowGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IFlowGrain;
