using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>What has happened in a workspace's Flow. These names are the storage format.</summary>
public abstract record FlowEvent : IEvent
{
    private FlowEvent() { }

    /// <summary>A version of the process was published.</summary>
    public sealed record ProcessDefined(Process Process) : FlowEvent;

    /// <summary>A lead came to the gate, so many seconds after the person asked.</summary>
    public sealed record LeadArrived(string LeadId, string Campaign, double DelaySeconds = 0) : FlowEvent;

    /// <summary>A lead was let in, to that pool.</summary>
    public sealed record LeadAdmitted(string LeadId, string Pool) : FlowEvent;

    /// <summary>A lead waits at the gate.</summary>
    public sealed record LeadWaitlisted(WaitlistEntry Entry) : FlowEvent;

    /// <summary>A lead was turned away.</summary>
    public sealed record LeadDeflected(string LeadId) : FlowEvent;

    /// <summary>A lead does not wait any more.</summary>
    public sealed record LeadLeftWaitlist(string LeadId) : FlowEvent;

    /// <summary>An admission came back unused.</summary>
    public sealed record AdmissionReturned(string Pool) : FlowEvent;

    /// <summary>A pool's facts.</summary>
    public sealed record PoolReported(PoolReport Report) : FlowEvent;

    /// <summary>What each pool can still take.</summary>
    public sealed record HeadroomMeasured(ImmutableArray<PoolHeadroom> Pools) : FlowEvent;

    /// <summary>The gate opened.</summary>
    public sealed record GateOpened : FlowEvent;

    /// <summary>The gate closed.</summary>
    public sealed record GateClosed(Reason Because) : FlowEvent;

    /// <summary>The constraint moved.</summary>
    public sealed record ConstraintMoved(string? From, string To, string Explanation) : FlowEvent;

    /// <summary>The constraint stays; its story changed.</summary>
    public sealed record ConstraintExplained(string Explanation, string? NextPool, int? NextHeadroom) : FlowEvent;

    /// <summary>A campaign's line of the spend table; the version rises when its signal changed.</summary>
    public sealed record CampaignReported(CampaignReport Report, bool Changed) : FlowEvent;

    /// <summary>What each campaign is wanted to spend, and the demand it was planned with.</summary>
    public sealed record SpendPlanned(ImmutableSortedDictionary<string, decimal> Shares, ImmutableSortedDictionary<string, decimal> Demand) : FlowEvent;
}
