using System.Text.Json;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>Meta Lead Ads: a handshake, then posts that carry ids only. 200 is answered once the ids are durable.</summary>
internal sealed class MetaCapture(PlatformDesk desk, FetchQueue queue, TimeProvider time) : IEndpoints
{
    // Up to 1,000 changes in one post.
    private const int BytesMax = 1024 * 1024;
    private const int IdLengthMax = 40;
    private const string Scheme = "sha256=";

    public void Map(Routes routes)
    {
        routes.Get("/v1/capture/meta/{connector}", Access.Open, "Meta's handshake", HandshakeAsync).Asks("hub.mode", "hub.verify_token", "hub.challenge").Gives<string>().Refuses(403, 404);
        routes.Post("/v1/capture/meta/{connector}", Access.Open, "Meta Lead Ads webhook", PostAsync).Takes<object>().GivesNothing(StatusCodes.Status200OK).Refuses(400, 401, 404, 413);
    }

    private async Task HandshakeAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.Meta);
        var isTheirs = connector.Holds("verifyToken", call.Text("hub.verify_token"));
        if (call.Text("hub.mode") != "subscribe" || !isTheirs || call.Text("hub.challenge") is not { Length: > 0 and <= 200 } challenge)
        {
            throw new ProblemException(Problem.Forbidden("verifyTokenWrong", "The verify token is not this connector's."));
        }
        call.Http.Response.ContentType = "text/plain; charset=utf-8";
        await call.Http.Response.WriteAsync(challenge, call.Cancel);
    }

    private async Task PostAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.Meta);
        await desk.TakeAsync(connector, () => TakeAsync(call, connector));
        call.Http.Response.StatusCode = StatusCodes.Status200OK;
    }

    private async Task TakeAsync(ApiCall call, Connector connector)
    {
        var bytes = await desk.BytesAsync(call, connector, BytesMax);
        var header = call.Http.Request.Headers["X-Hub-Signature-256"].ToString();
        if (!header.StartsWith(Scheme, StringComparison.Ordinal) || !Signatures.Verify(connector.Secret("appSecret"), header[Scheme.Length..], bytes))
        {
            throw desk.Unauthenticated(connector, "X-Hub-Signature-256 is not the HMAC-SHA256 of the body under the app secret.");
        }
        using var document = desk.Parse(connector, bytes);
        var now = time.GetUtcNow();
        var jobs = new List<FetchJob>();
        foreach (var id in IdsOf(connector, document.RootElement).Distinct(StringComparer.Ordinal))
        {
            var isRepeat = await desk.IsKnownAsync(connector, MetaFetcher.KeyOf(id), call.Cancel);
            desk.Counts.Count(connector, isRepeat ? CaptureResult.Repeated : CaptureResult.Queued);
            if (!isRepeat) jobs.Add(new FetchJob(connector.Id, id, IsRetraction: false, now, Attempts: 0, now));
        }
        await queue.AddAsync(jobs, call.Cancel);
    }

    // Other fields of the page may be subscribed to as well; they are none of ours.
    private IEnumerable<string> IdsOf(Connector connector, JsonElement body)
    {
        foreach (var change in body.Field("entry").Elements().SelectMany(e => e.Field("changes").Elements()).Where(c => c.Field("field").AsText() == "leadgen"))
        {
            if (change.Field("value").Field("leadgen_id").AsText() is { Length: <= IdLengthMax } id && id.All(char.IsAsciiDigit)) yield return id;
            else desk.Counts.Count(connector, CaptureResult.Malformed);
        }
    }
}
