using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Capture;

/// <summary>
/// A lead as it was captured, without anything that names a person: contact data, message and attributes stay in the contact's vault row.
/// </summary>
/// <param name="LeadId">The id that the lead will have if it becomes one.</param>
/// <param name="Contact">Whose lead it is: the id of the contact.</param>
/// <param name="Campaign">As submitted; Flow turns one it does not know into <see cref="Unattributed"/>.</param>
/// <param name="OccurredAt">When the person asked, by the source's clock; not later than now.</param>
/// <param name="Skills">Skills that whoever serves the lead must have, sorted.</param>
/// <param name="Value">What a win would bring, if known.</param>
public sealed record Submission(string LeadId, string Contact, string Campaign, DateTimeOffset OccurredAt, ImmutableArray<string> Skills, Money? Value = null)
{
    /// <summary>What reached the person before they asked, oldest first; null when nothing did.</summary>
    public ImmutableArray<Touch>? Touches { get; init; }

    /// <summary>Intent that they had shown before they asked, in points; null when none.</summary>
    public int? Intent { get; init; }

    /// <summary>The person's IANA time zone, if it is known: when they are left alone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The campaign of leads whose campaign is unknown.</summary>
    public const string Unattributed = "unattributed";
}

/// <summary>What the gate decided about a lead.</summary>
public enum IntakeDecision
{
    /// <summary>It entered the first stage.</summary>
    Admitted,
    /// <summary>It waits at the gate.</summary>
    Waitlisted,
    /// <summary>The waitlist is full.</summary>
    Deflected,
    /// <summary>An open lead of the same person took the signal.</summary>
    Merged,
}

/// <summary>The gate's word on one lead.</summary>
/// <param name="Decision">Admitted, waitlisted or deflected.</param>
/// <param name="ProcessVersion">The process that the lead runs on.</param>
/// <param name="Position">Place in the line it waits in, from 1; null when it waits in none.</param>
/// <param name="ExpectedAt">Honest estimate of when somebody will serve it; null when nothing is known.</param>
/// <param name="Reason">Why.</param>
public sealed record Verdict(IntakeDecision Decision, int ProcessVersion, int? Position, DateTimeOffset? ExpectedAt, Reason Reason);

/// <summary>The answer to a captured lead.</summary>
/// <param name="LeadId">The lead, or the open lead that took the signal.</param>
/// <param name="Decision">What became of it.</param>
/// <param name="Stage">The stage it is in, or will enter first; null without a process.</param>
/// <param name="Position">Place in the line it waits in, from 1.</param>
/// <param name="ExpectedAt">When somebody is expected to serve it.</param>
/// <param name="Reason">Why.</param>
public sealed record Captured(string LeadId, IntakeDecision Decision, string? Stage, int? Position, DateTimeOffset? ExpectedAt, Reason Reason) : Answer;
