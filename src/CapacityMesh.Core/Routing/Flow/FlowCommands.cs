using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>What a workspace's Flow may be asked.</summary>
public abstract record FlowCommand : ICommand
{
    private FlowCommand() { }

    /// <summary>Publish a new version of the process.</summary>
    public sealed record DefineProcess(Process Process) : FlowCommand;

    /// <summary>From Contact: may this lead come in?</summary>
    public sealed record Admit(Submission Submission) : FlowCommand;

    /// <summary>From Lead: it does not wait any more.</summary>
    public sealed record LeftWaitlist(string LeadId) : FlowCommand;

    /// <summary>From Lead: it was over before the admission arrived.</summary>
    public sealed record AdmissionUnused(string LeadId, int Process) : FlowCommand;

    /// <summary>From Pool: its facts.</summary>
    public sealed record PoolReported(PoolReport Report) : FlowCommand;

    /// <summary>From Campaign: its line of the spend table.</summary>
    public sealed record CampaignReported(CampaignReport Report) : FlowCommand;

    /// <summary>A timer of this Flow elapsed.</summary>
    public sealed record TimerElapsed(string Name) : FlowCommand;
}

/// <summary>The answer to a published process.</summary>
/// <param name="Version">Its version.</param>
public sealed record ProcessPublished(int Version) : Answer;

/// <summary>Why Flow declines, in order of precedence.</summary>
public static class FlowRejections
{
    /// <summary>Bad process; the edge reports the fields.</summary>
    public static readonly Rejection InvalidProcess = new("invalidProcess", RejectionKind.Invalid, "The process is not valid.");
    /// <summary>A pool would change from people to slots, or back.</summary>
    public static readonly Rejection PoolKindChanged = new("poolKindChanged", RejectionKind.Conflict, "A pool is served by what it was first served by, people or slots; give the new one another id.");
    /// <summary>Too many versions.</summary>
    public static readonly Rejection TooManyVersions = new("tooManyVersions", RejectionKind.Conflict, "A workspace has at most 500 versions of its process.");
}

/// <summary>Names of Flow's timers.</summary>
public static class FlowTimers
{
    /// <summary>Time has passed: supply ahead is measured again.</summary>
    public const string Tick = "tick";
}
