using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>Work that wants a person.</summary>
public sealed record WorkItem(string LeadId, string Stage, string Pool, decimal Effort, ImmutableArray<string> Skills)
{
    /// <summary>The lead's place in the queue, which tells one stay in a stage from a later one; null before places were told.</summary>
    public DateTimeOffset? Place { get; init; }
}

/// <summary>What a salesperson may be asked.</summary>
public abstract record SalespersonCommand : ICommand
{
    private SalespersonCommand() { }

    /// <summary>Join, or change the profile.</summary>
    public sealed record Configure(SalespersonProfile Profile) : SalespersonCommand;

    /// <summary>Say how present they are.</summary>
    public sealed record SetStatus(PresenceStatus Status) : SalespersonCommand;

    /// <summary>From Pool: reserve capacity and offer the lead, for so long.</summary>
    public sealed record Reserve(WorkItem Work, TimeSpan OfferFor, Reason Because) : SalespersonCommand;

    /// <summary>From Lead: an operator wants this person to have the lead.</summary>
    public sealed record Assign(WorkItem Work, bool Override) : SalespersonCommand;

    /// <summary>From Lead: the offer was accepted.</summary>
    public sealed record Begin(string LeadId, string Stage) : SalespersonCommand;

    /// <summary>From Lead: the first contact was made; the effort is spent.</summary>
    public sealed record NoteContact(string LeadId) : SalespersonCommand;

    /// <summary>From Lead: the person does not have it any more; effort not spent returns to the budget.</summary>
    public sealed record Release(string LeadId, string Stage) : SalespersonCommand;

    /// <summary>From Lead: the stage is over.</summary>
    public sealed record Finish(string LeadId, string Stage) : SalespersonCommand;

    /// <summary>Leave for good.</summary>
    public sealed record Remove : SalespersonCommand;

    /// <summary>A timer of this person elapsed.</summary>
    public sealed record TimerElapsed(string Name) : SalespersonCommand;
}

/// <summary>Why a salesperson declines, in order of precedence.</summary>
public static class SalespersonRejections
{
    /// <summary>Nobody of that id.</summary>
    public static readonly Rejection Unknown = new("personUnknown", RejectionKind.NotFound, "There is no such person.");
    /// <summary>Left.</summary>
    public static readonly Rejection Removed = new("personRemoved", RejectionKind.Conflict, "The person has left.");
    /// <summary>Bad profile; the edge reports the fields.</summary>
    public static readonly Rejection InvalidProfile = new("invalidProfile", RejectionKind.Invalid, "The profile is not valid.");
    /// <summary>Not in that pool.</summary>
    public static readonly Rejection NotInPool = new("notInPool", RejectionKind.Conflict, "The person does not serve this pool; an override sets that aside.");
    /// <summary>Lacks a skill.</summary>
    public static readonly Rejection LacksSkill = new("lacksSkill", RejectionKind.Conflict, "The person lacks a skill that the lead asks for; an override sets that aside.");
    /// <summary>Not available.</summary>
    public static readonly Rejection NotAvailable = new("notAvailable", RejectionKind.Conflict, "The person is not available now; an override sets that aside.");
    /// <summary>Concurrency.</summary>
    public static readonly Rejection ConcurrencyFull = new("concurrencyFull", RejectionKind.Conflict, "The person holds as many leads as they can; nothing sets that aside.");
    /// <summary>Weekly budget.</summary>
    public static readonly Rejection BudgetSpent = new("budgetSpent", RejectionKind.Conflict, "The person's weekly capacity is spent; nothing sets that aside.");
}

/// <summary>Names of a salesperson's timers.</summary>
public static class SalespersonTimers
{
    /// <summary>The calendar or the budget changes by itself.</summary>
    public const string Calendar = "calendar";
}
