using System.Collections.Immutable;

namespace CapacityMesh.Core.Capture;

/// <summary>Where a contact stands.</summary>
public enum ContactPhase
{
    /// <summary>Never heard of.</summary>
    Unknown,
    /// <summary>Known, without an open lead.</summary>
    Known,
    /// <summary>Has one open lead.</summary>
    Engaged,
    /// <summary>Personal data erased for good.</summary>
    Erased,
}

/// <summary>Identity: which lead is this person. Holds no personal datum.</summary>
/// <param name="Phase">Where the contact stands.</param>
/// <param name="OpenLead">The open lead that everything else joins, while engaged.</param>
/// <param name="Leads">Leads ever started.</param>
/// <param name="Signals">Signals ever received that started no lead.</param>
/// <param name="LastSignalAt">When the newest of them came.</param>
public sealed record ContactState(ContactPhase Phase, string? OpenLead, int Leads, int Signals, DateTimeOffset? LastSignalAt)
{
    /// <summary>Older leads that were reopened beside it, in the order in which they were; at most <see cref="Kernel.Limits.ReopenedBesideMax"/>.</summary>
    public ImmutableArray<string> AlsoOpen { get; init; } = [];

    /// <summary>Intent shown since the last lead began, in points, as of <see cref="LastSignalAt"/>; it fades by <see cref="IntentScore"/>.</summary>
    public int Intent { get; init; }

    /// <summary>What reached the person since the last lead began, oldest first: the next lead takes it along.</summary>
    public ImmutableArray<Touch> Touches { get; init; } = [];
}
