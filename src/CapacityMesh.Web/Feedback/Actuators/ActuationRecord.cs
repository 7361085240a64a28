using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>Why the last attempt did not do it.</summary>
/// <param name="What">What was tried: <c>read</c>, <c>pause</c>, <c>resume</c> or <c>budget</c>.</param>
/// <param name="Result">What the call came to.</param>
/// <param name="Fault">The platform's code.</param>
/// <param name="At">When.</param>
internal sealed record ActuationFault(string What, CallResult Result, string Fault, DateTimeOffset At);

/// <summary>What we know of one campaign at one platform. Kept in the journal; holds nothing personal.</summary>
internal sealed record ActuationRecord
{
    /// <summary>Our campaign.</summary>
    public required string Campaign { get; init; }

    /// <summary>The newest signal that was dealt with, or is.</summary>
    public WantedSpend? Wanted { get; init; }

    /// <summary>What we did and have not taken back.</summary>
    public ActuationMemory Memory { get; init; } = new();

    /// <summary>What the platform last showed.</summary>
    public LiveCampaign? ReadBack { get; init; }

    /// <summary>When it did.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>The signal that the platform was last seen to follow.</summary>
    public WantedSpend? Applied { get; init; }

    /// <summary>Why nothing, or less than the signal asks for, was done.</summary>
    public string? Note { get; init; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public ActuationFault? LastError { get; init; }

    /// <summary>Attempts that failed in a row.</summary>
    public int Attempts { get; init; }

    /// <summary>When we look again.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>In a dry run: what would be sent, and whether the platform would take it.</summary>
    public string? Planned { get; init; }

    /// <summary>Where it stands.</summary>
    public static RowKey KeyOf(string workspace, string connector, string id) => new(workspace, RowTables.Actuations, connector, id);
}
