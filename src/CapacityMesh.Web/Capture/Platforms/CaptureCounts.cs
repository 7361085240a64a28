using System.Collections.Concurrent;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>Counts what became of each platform's calls: what was turned away is as much to be seen as what came in.</summary>
internal sealed class CaptureCounts(CaptureNotes notes) : IMetricsSource
{
    private readonly ConcurrentDictionary<(Platform Platform, CaptureResult Result), long> counts = new();

    /// <summary>Counts one, and notes it for the audit.</summary>
    public void Count(Connector connector, CaptureResult result)
    {
        counts.AddOrUpdate((connector.Platform, result), 1, static (_, n) => n + 1);
        notes.Note(connector, result);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() => counts.Select(c => new Metric(
        "capacitymesh_platform_leads_total", true, "Leads that platforms sent, by what became of them.", c.Value,
        ("platform", Connectors.Platforms.NameOf(c.Key.Platform)), ("result", Json.Wire.NameOf(c.Key.Result))));
}

/// <summary>What became of a platform's lead.</summary>
internal enum CaptureResult
{
    /// <summary>A lead of ours now.</summary>
    Captured,
    /// <summary>Came before.</summary>
    Repeated,
    /// <summary>A test of the platform; nothing was captured.</summary>
    Test,
    /// <summary>Only its id came; its fields are fetched.</summary>
    Queued,
    /// <summary>Fetching failed and is tried again.</summary>
    FetchFailed,
    /// <summary>Fetching was given up.</summary>
    GivenUp,
    /// <summary>The platform took it back.</summary>
    Retracted,
    /// <summary>Signature or key was wrong, or too old.</summary>
    Unauthenticated,
    /// <summary>Not of the documented form.</summary>
    Malformed,
    /// <summary>Larger than a platform's posts are.</summary>
    TooLarge,
    /// <summary>Neither a usable e-mail address nor a phone number.</summary>
    WithoutContact,
    /// <summary>A robot filled the field that people do not see.</summary>
    Robot,
    /// <summary>The store did not answer; the platform was asked to come again.</summary>
    Unavailable,
}
