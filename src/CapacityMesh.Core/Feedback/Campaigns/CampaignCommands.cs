using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Feedback;

/// <summary>What a campaign may be asked.</summary>
public abstract record CampaignCommand : ICommand
{
    private CampaignCommand() { }

    /// <summary>Exist, or change.</summary>
    public sealed record Configure(CampaignProfile Profile) : CampaignCommand;

    /// <summary>From Flow: the share of its budget that the plan wants it to spend.</summary>
    public sealed record Advise(Advice Advice) : CampaignCommand;

    /// <summary>A day's cost; a repeat for the same day replaces.</summary>
    public sealed record RecordCost(DayCost Cost) : CampaignCommand;

    /// <summary>From Lead: something happened to one of its leads; the stage where it was lost.</summary>
    public sealed record Count(Outcome Outcome, Money? Value, string? Stage = null) : CampaignCommand;

    /// <summary>A human agrees with the proposal.</summary>
    public sealed record Approve : CampaignCommand;

    /// <summary>A human refuses the proposal.</summary>
    public sealed record Reject : CampaignCommand;

    /// <summary>A human's word, until an instant or until further notice. Null action ends it.</summary>
    public sealed record Hold(SpendAction? Action, string Why, DateTimeOffset? Until) : CampaignCommand;

    /// <summary>A consumer says what it applied.</summary>
    public sealed record Acknowledge(Acknowledgement What) : CampaignCommand;

    /// <summary>A timer of this campaign elapsed.</summary>
    public sealed record TimerElapsed(string Name) : CampaignCommand;
}

/// <summary>Why a campaign declines, in order of precedence.</summary>
public static class CampaignRejections
{
    /// <summary>No such campaign.</summary>
    public static readonly Rejection Unknown = new("campaignUnknown", RejectionKind.NotFound, "There is no such campaign.");
    /// <summary>Bad profile.</summary>
    public static readonly Rejection InvalidProfile = new("invalidProfile", RejectionKind.Invalid, "The campaign's description is not valid.");
    /// <summary>Nothing to approve.</summary>
    public static readonly Rejection NothingProposed = new("nothingProposed", RejectionKind.Conflict, "No signal waits for approval.");
    /// <summary>Over already.</summary>
    public static readonly Rejection HoldInThePast = new("holdInThePast", RejectionKind.Invalid, "The hold would have ended before it began.");
}

/// <summary>Names of a campaign's timers.</summary>
public static class CampaignTimers
{
    /// <summary>The signal may change again.</summary>
    public const string Dwell = "dwell";
    /// <summary>A human's word ends.</summary>
    public const string Hold = "hold";
}
