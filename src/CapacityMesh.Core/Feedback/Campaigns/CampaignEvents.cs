using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Feedback;

/// <summary>What has happened to a campaign. These names are the storage format.</summary>
public abstract record CampaignEvent : IEvent
{
    private CampaignEvent() { }

    /// <summary>Described.</summary>
    public sealed record Configured(CampaignProfile Profile) : CampaignEvent;

    /// <summary>A day's cost is known.</summary>
    public sealed record CostRecorded(DayCost Cost) : CampaignEvent;

    /// <summary>An outcome of one of its leads; the stage where it was lost.</summary>
    public sealed record Counted(Outcome Outcome, Money? Value, string? Stage = null) : CampaignEvent;

    /// <summary>The plan wants something else.</summary>
    public sealed record Advised(Advice Advice) : CampaignEvent;

    /// <summary>A signal waits for approval; null when none does any more.</summary>
    public sealed record Proposed(Signal? Signal) : CampaignEvent;

    /// <summary>A human refused the proposal.</summary>
    public sealed record ProposalRefused(Signal Signal) : CampaignEvent;

    /// <summary>The signal in force changed.</summary>
    public sealed record SignalChanged(Signal Signal) : CampaignEvent;

    /// <summary>A human's word holds, or ended.</summary>
    public sealed record HoldSet(HumanHold? Hold) : CampaignEvent;

    /// <summary>A consumer said what it applied.</summary>
    public sealed record Acknowledged(Acknowledgement What) : CampaignEvent;
}
