using CapacityMesh.Cluster.Placement;

namespace CapacityMesh.Cluster.Grains;

// Entities of one workspace tell each other something with every turn: they live together, and workspaces are spread.
// Leads and contacts are many and seldom busy: they leave memory after two minutes, the shortest that the runtime's collector looks for.

/// <summary>Runs <see cref="Core.Capture.ContactMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
[WorkspacePlacement]
public sealed class ContactGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IContactGrain;

/// <summary>Runs <see cref="Core.Execution.LeadMachine"/>.</summary>
[CollectionAgeLimit(Minutes = 2)]
[WorkspacePlacement]
public sealed class LeadGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ILeadGrain;

/// <summary>Runs <see cref="Core.Execution.SalespersonMachine"/>.</summary>
[WorkspacePlacement]
public sealed class SalespersonGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ISalespersonGrain;

/// <summary>Runs <see cref="Core.Execution.SlotMachine"/>.</summary>
[WorkspacePlacement]
public sealed class DeliverySlotGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IDeliverySlotGrain;

/// <summary>Runs <see cref="Core.Routing.PoolMachine"/>.</summary>
[WorkspacePlacement]
public sealed class PoolGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IPoolGrain;

/// <summary>Runs <see cref="Core.Feedback.CampaignMachine"/>.</summary>
[WorkspacePlacement]
public sealed class CampaignGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), ICampaignGrain;

/// <summary>Runs <see cref="Core.Routing.FlowMachine"/>.</summary>
[WorkspacePlacement]
public sealed class FlowGrain(ClusterServices services, IGrainContext context) : EntityGrain(services, context), IFlowGrain;
