using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Capture;

/// <summary>What a contact may be asked.</summary>
public abstract record ContactCommand : ICommand
{
    private ContactCommand() { }

    /// <summary>The person asked for something: starts a lead, or joins the open one.</summary>
    public sealed record Capture(Submission Submission) : ContactCommand;

    /// <summary>The person did something that is no request: a visit, a reply, a call.</summary>
    /// <param name="Kind">What, in one word.</param>
    /// <param name="Points">Intent it shows, 1 to 100.</param>
    /// <param name="Campaign">The campaign that brought them, if one did: a touch.</param>
    public sealed record Signal(string Kind, int Points, string? Campaign = null) : ContactCommand;

    /// <summary>A lead of this contact came to its end.</summary>
    public sealed record LeadEnded(string LeadId) : ContactCommand;

    /// <summary>A lead of this contact was opened again.</summary>
    public sealed record LeadReopened(string LeadId) : ContactCommand;

    /// <summary>Erase the person; the numbers stay.</summary>
    public sealed record Erase : ContactCommand;
}

/// <summary>Why a contact declines, in order of precedence.</summary>
public static class ContactRejections
{
    /// <summary>Nobody of that id.</summary>
    public static readonly Rejection Unknown = new("contactUnknown", RejectionKind.NotFound, "There is no such contact.");
    /// <summary>Erased.</summary>
    public static readonly Rejection Erased = new("contactErased", RejectionKind.Conflict, "The contact's personal data was erased; a new lead starts a new contact.");
}
