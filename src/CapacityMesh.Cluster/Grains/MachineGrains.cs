namespace CapacityMesh.Cluster.Grains;

/// <summary>Runs <see cref="Core.Capture.ContactMachine"/>.</summary>
public sealed class ContactGrain(ClusterServices services) : EntityGrain(services), IContactGrain;

/// <summary>Runs <see cref="Core.Execution.LeadMachine"/>.</summary>
public sealed class LeadGrain(ClusterServices services) : EntityGrain(services), ILeadGrain;

/// <summary>Runs <see cref="Core.Execution.SalespersonMachine"/>.</summary>
public sealed class SalespersonGrain(ClusterServices services) : EntityGrain(services), ISalespersonGrain;

/// <summary>Runs <see cref="Core.Execution.SlotMachine"/>.</summary>
public sealed class DeliverySlotGrain(ClusterServices services) : EntityGrain(services), IDeliverySlotGrain;

/// <summary>Runs <see cref="Core.Routing.PoolMachine"/>.</summary>
public sealed class PoolGrain(ClusterServices services) : EntityGrain(services), IPoolGrain;

/// <summary>Runs <see cref="Core.Feedback.CampaignMachine"/>.</summary>
public sealed class CampaignGrain(ClusterServices services) : EntityGrain(services), ICampaignGrain;

/// <summary>Runs <see cref="Core.Routing.FlowMachine"/>.</summary>
public sealed class FlowGrain(ClusterServices services) : EntityGrain(services), IFlowGrain;
