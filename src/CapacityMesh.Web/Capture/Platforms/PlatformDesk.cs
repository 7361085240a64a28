using System.Text.Json;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>From a platform's lead to ours: who and which, so that the platform may take it back.</summary>
internal sealed record CaptureOrigin(string LeadId, string Contact);

/// <summary>What the platforms' endpoints share: finding the connector, and handing a lead to the intake once.</summary>
internal sealed class PlatformDesk(IMesh mesh, ConnectorBook book, Workspaces workspaces, Intake intake, CaptureCounts counts)
{
    /// <summary>Nobody could be reached.</summary>
    public static Problem WithoutContact { get; } = Problem.Invalid("contact", "contactRequired", "The lead has neither a valid e-mail address nor a valid phone number.");

    public CaptureCounts Counts => counts;

    public DateTimeOffset Now => mesh.Now;

    /// <summary>The connector in the path, of that platform.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public async ValueTask<Connector> ConnectorAsync(ApiCall call, Platform platform) =>
        await book.FindAsync(call.Key("connector"), call.Cancel) is { } found && found.Platform == platform ? found : throw new ProblemException(ConnectorEndpoints.Unknown);

    /// <summary>A wrong signature or key.</summary>
    public ProblemException Unauthenticated(Connector connector, string text)
    {
        counts.Count(connector, CaptureResult.Unauthenticated);
        return new ProblemException(new Problem(StatusCodes.Status401Unauthorized, "signatureWrong", text));
    }

    /// <summary>A post's bytes, as they came.</summary>
    /// <exception cref="ProblemException">There are too many.</exception>
    public async ValueTask<byte[]> BytesAsync(ApiCall call, Connector connector, int bytesMax)
    {
        try
        {
            return await BodyReader.ReadBytesAsync(call.Http.Request, bytesMax);
        }
        catch (ProblemException)
        {
            counts.Count(connector, CaptureResult.TooLarge);
            throw;
        }
    }

    /// <summary>Takes a post. When it cannot be kept now, that is counted and answered 503, whatever the reason: platforms take a 4xx for final.</summary>
    /// <exception cref="ProblemException">It was refused, or cannot be kept now.</exception>
    public async Task TakeAsync(Connector connector, Func<Task> take)
    {
        try
        {
            await take();
        }
        catch (Exception transient) when (transient is JournalUnavailableException or MeshOverloadedException or ProblemException { Problem.Status: StatusCodes.Status503ServiceUnavailable })
        {
            counts.Count(connector, CaptureResult.Unavailable);
            if (transient is ProblemException) throw;
            throw new ProblemException(Problem.Unavailable("notStored", "The lead cannot be stored now; send it again."));
        }
    }

    /// <summary>Not of the documented form.</summary>
    public ProblemException Malformed(Connector connector, string field, string text)
    {
        counts.Count(connector, CaptureResult.Malformed);
        return new ProblemException(Problem.Malformed(field, "malformed", text));
    }

    /// <summary>Parses a body that must be an object.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public JsonDocument Parse(Connector connector, ReadOnlyMemory<byte> body)
    {
        try
        {
            return LooseJson.Parse(body);
        }
        catch (ProblemException)
        {
            counts.Count(connector, CaptureResult.Malformed);
            throw;
        }
    }

    /// <summary>A sheet for a form's answers.</summary>
    public async ValueTask<Answers> SheetAsync(Connector connector, IReadOnlyDictionary<string, string[]> usual, CancellationToken cancel) =>
        new(connector, usual, (await workspaces.FindAsync(connector.Workspace, cancel))?.PhoneCountry);

    /// <summary>The row that leads from a platform's lead to ours.</summary>
    public static RowKey OriginKey(Connector connector, string platformLead) =>
        new(connector.Workspace, RowTables.CaptureOrigins, connector.Id, Signatures.NameOf(platformLead));

    /// <summary>Hands a lead to the intake; a repeat of the same platform's lead changes nothing, whatever else it says.</summary>
    /// <exception cref="ProblemException">Nobody could be reached.</exception>
    public async Task CaptureAsync(Connector connector, LeadBody? lead, string key, string? platformLead, CancellationToken cancel, string bodyHash = "")
    {
        if (lead is null)
        {
            counts.Count(connector, CaptureResult.WithoutContact);
            throw new ProblemException(WithoutContact);
        }
        Func<string, string, RowChange>? note = platformLead is null ? null : (leadId, contact) => Documents.Row(OriginKey(connector, platformLead), new CaptureOrigin(leadId, contact));
        var captured = await intake.CaptureAsync(connector.Workspace, lead, new LeadOrigin(key, bodyHash, note), cancel);
        counts.Count(connector, captured.IsRepeat ? CaptureResult.Repeated : CaptureResult.Captured);
    }

    /// <summary>Whether a request under this key was answered before.</summary>
    public async ValueTask<bool> IsKnownAsync(Connector connector, string key, CancellationToken cancel) =>
        await mesh.Journal.RequestAsync(connector.Workspace, key, cancel) is { Reply: not null };
}
