using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>A platform's lead of which we know the id only.</summary>
/// <param name="Connector">Through whom it came.</param>
/// <param name="LeadId">The platform's id.</param>
/// <param name="IsRetraction">The platform takes it back.</param>
/// <param name="Since">When we heard of it.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Due">When to try next.</param>
internal sealed record FetchJob(string Connector, string LeadId, bool IsRetraction, DateTimeOffset Since, int Attempts, DateTimeOffset Due)
{
    /// <summary>Where it stands; a repeat stands in the same place.</summary>
    public RowKey Key => new(KeyRing.Directory, RowTables.CaptureQueue, Connector, Signatures.NameOf(LeadId) + (IsRetraction ? "-" : ""));
}

/// <summary>The platform did not give the lead; later it may.</summary>
internal sealed class FetchFailedException(string reason, TimeSpan? retryAfter = null) : Exception(reason)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Brings a lead of one platform to the intake.</summary>
internal interface ILeadFetcher
{
    /// <summary>Whose leads.</summary>
    Platform Platform { get; }

    /// <summary>Fetches and captures, or retracts. Doing it twice does it once.</summary>
    /// <exception cref="FetchFailedException">Not now.</exception>
    Task FetchAsync(Connector connector, FetchJob job, CancellationToken cancel);
}
