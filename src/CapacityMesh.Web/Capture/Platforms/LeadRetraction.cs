using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>When a platform took a lead back.</summary>
internal sealed record RetractionNote(DateTimeOffset At);

/// <summary>
/// A platform takes a lead back, perhaps before it was created. The note is written first; a capture looks for it before and after, so that in
/// whichever order they come the lead does not live on.
/// </summary>
internal sealed class LeadRetraction(IMesh mesh, CaptureCounts counts)
{
    /// <summary>Writes the note.</summary>
    public ValueTask NoteAsync(Connector connector, string platformLead, CancellationToken cancel) =>
        mesh.Journal.Rows.ApplyAsync([Documents.Row(NoteKey(connector, platformLead), new RetractionNote(mesh.Now))], cancel);

    /// <summary>Whether the platform took it back.</summary>
    public async ValueTask<bool> IsNotedAsync(Connector connector, string platformLead, CancellationToken cancel) =>
        await mesh.Journal.Rows.ReadAsync<RetractionNote>(NoteKey(connector, platformLead), cancel) is not null;

    /// <summary>Retracts the lead, if it came; what its sender wrote is deleted. A lead that had joined an open one of the same person leaves that one alone.</summary>
    public async Task RetractAsync(Connector connector, string platformLead, CancellationToken cancel)
    {
        var key = PlatformDesk.OriginKey(connector, platformLead);
        if (await mesh.Journal.Rows.ReadAsync<CaptureOrigin>(key, cancel) is not { } origin) return;
        var lead = new EntityId(connector.Workspace, EntityKind.Lead, origin.LeadId);
        await mesh.AskAsync(new MeshRequest(lead, new LeadCommand.Retract(LeadReasons.Retracted)), cancel);
        await mesh.Journal.Rows.ApplyAsync([new RowChange(Vault.LeadKey(connector.Workspace, origin.Contact, origin.LeadId), null), new RowChange(key, null)], cancel);
        counts.Count(connector, CaptureResult.Retracted);
    }

    private static RowKey NoteKey(Connector connector, string platformLead)
    {
        var key = PlatformDesk.OriginKey(connector, platformLead);
        return key with { Item = key.Item + "-" };
    }
}
