using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Capture.Platforms;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>How far an outcome has come.</summary>
internal enum OutcomeState
{
    /// <summary>Waits, or failed and is tried again.</summary>
    Pending,
    /// <summary>The platform has it and is still looking at it.</summary>
    Sent,
    /// <summary>The platform took it.</summary>
    Done,
    /// <summary>Not for the platform: no consent, nothing that it could recognise, or too old.</summary>
    Skipped,
    /// <summary>Refused, or given up: a dead letter. It can be sent again by hand.</summary>
    Dead,
}

/// <summary>One step of one lead for one connector. Names no person: who it is, the vault tells at the moment of sending.</summary>
/// <param name="Id">The same for the same step of the same lead, whenever it is told: platforms ignore repeats by it, and so do we.</param>
/// <param name="LeadId">Which lead.</param>
/// <param name="Contact">Whose lead: the key of the vault.</param>
/// <param name="Campaign">Our campaign.</param>
/// <param name="Step">Which step.</param>
/// <param name="Conversion">What the platform calls it.</param>
/// <param name="At">When it happened.</param>
/// <param name="Value">What it brought, if known.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Since">When we began to try.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Due">When to try, or to ask, next.</param>
internal sealed record OutcomeRecord(
    string Id, string LeadId, string Contact, string Campaign, string Step, string Conversion, DateTimeOffset At, Money? Value, OutcomeState State, DateTimeOffset Since, int Attempts, DateTimeOffset Due)
{
    /// <summary>By which the platform tells what became of it.</summary>
    public string? Receipt { get; init; }

    /// <summary>Others went with it and something was wrong: from now on it goes alone.</summary>
    public bool Alone { get; init; }

    /// <summary>Why it is where it is: the platform's code, or our reason.</summary>
    public string? Reason { get; init; }

    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its id.</summary>
    public static string IdOf(string leadId, string step) => $"{leadId}.{Signatures.NameOf(step)[..8]}";

    /// <summary>Where it stands.</summary>
    public static RowKey KeyOf(string workspace, string connector, string id) => new(workspace, RowTables.Outcomes, connector, id);

    /// <summary>Where it stands too while it waits.</summary>
    public static RowKey DueKeyOf(string workspace, string connector, string id) => new(workspace, RowTables.OutcomesDue, connector, id);

    /// <summary>Where it stands too when it was refused or given up, so that the audit finds it among millions that were not.</summary>
    public static RowKey DeadKeyOf(string workspace, string connector, string id) => new(workspace, RowTables.OutcomesDead, connector, id);
}

/// <summary>When to look at a waiting outcome again.</summary>
internal sealed record OutcomeDue(DateTimeOffset Due);

/// <summary>An outcome that was refused or given up.</summary>
/// <param name="Reason">The platform's code, or ours.</param>
/// <param name="At">When.</param>
internal sealed record OutcomeDead(string? Reason, DateTimeOffset At);
