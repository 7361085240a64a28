using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Capture;

/// <summary>What has happened to a contact. These names are the storage format.</summary>
public abstract record ContactEvent : IEvent
{
    private ContactEvent() { }

    /// <summary>A lead began.</summary>
    public sealed record LeadStarted(string LeadId) : ContactEvent;

    /// <summary>A lead came to its end.</summary>
    public sealed record LeadEnded(string LeadId) : ContactEvent;

    /// <summary>A closed lead was opened again.</summary>
    public sealed record LeadReopened(string LeadId) : ContactEvent;

    /// <summary>The person showed intent; the open lead, if any, was told.</summary>
    public sealed record SignalReceived(string Kind, int Points, string? Campaign = null) : ContactEvent;

    /// <summary>Personal data was erased.</summary>
    public sealed record Erased : ContactEvent;
}
