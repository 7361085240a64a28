using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>The answer to LinkedIn's challenge, repeated every two hours; three wrong ones block the address.</summary>
internal sealed record ChallengeReply(string ChallengeCode, string ChallengeResponse);

/// <summary>LinkedIn Lead Sync: a challenge, then posts that carry ids only.</summary>
internal sealed class LinkedInCapture(PlatformDesk desk, FetchQueue queue, LeadRetraction retraction, TimeProvider time) : IEndpoints
{
    private const string Scheme = "hmacsha256=";
    private const int CodeLengthMax = 200;
    private const int UrnLengthMax = 300;
    private static readonly byte[] SchemeBytes = "hmacsha256="u8.ToArray();

    public void Map(Routes routes)
    {
        routes.Get("/v1/capture/linkedin/{connector}", Access.Open, "LinkedIn's challenge", ChallengeAsync).Asks("challengeCode").Gives<ChallengeReply>().Refuses(400, 404, 409);
        routes.Post("/v1/capture/linkedin/{connector}", Access.Open, "LinkedIn Lead Sync webhook", PostAsync).Takes<object>().GivesNothing(StatusCodes.Status200OK).Refuses(400, 401, 404, 413);
    }

    private async Task ChallengeAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.LinkedIn);
        if (call.Text("challengeCode") is not { Length: > 0 and <= CodeLengthMax } code) throw new ProblemException(Problem.Invalid("challengeCode", "required", "A challengeCode has 1 to 200 characters."));
        var secret = connector.Secret("clientSecret") ?? throw new ProblemException(Problem.Conflict("secretMissing", "The connector's clientSecret is not set."));
        await call.ReplyAsync(new ChallengeReply(code, Signatures.Hex(secret, code)));
    }

    private async Task PostAsync(ApiCall call)
    {
        var connector = await desk.ConnectorAsync(call, Platform.LinkedIn);
        await desk.TakeAsync(connector, () => TakeAsync(call, connector));
    }

    private async Task TakeAsync(ApiCall call, Connector connector)
    {
        var bytes = await desk.BytesAsync(call, connector, BodyReader.BytesMax);
        CheckSignature(connector, call.Http.Request.Headers["X-LI-Signature"].ToString(), bytes);
        using var document = desk.Parse(connector, bytes);
        var body = document.RootElement;
        var urn = body.Field("leadGenFormResponse").AsText();
        if (urn is not { Length: <= UrnLengthMax }) throw desk.Malformed(connector, "leadGenFormResponse", "The leadGenFormResponse is missing.");
        var now = time.GetUtcNow();
        var job = new FetchJob(connector.Id, LinkedInFetcher.IdOf(urn), body.Field("leadAction").AsText() == "DELETED", now, Attempts: 0, now);
        if (body.Field("leadAction").AsText() is not ("CREATED" or "DELETED")) throw desk.Malformed(connector, "leadAction", "A leadAction is CREATED or DELETED.");
        // Durable first, so that a creation that comes later, or is under way, finds it.
        if (job.IsRetraction) await retraction.NoteAsync(connector, job.LeadId, call.Cancel);
        else if (await desk.IsKnownAsync(connector, LinkedInFetcher.KeyOf(connector, job.LeadId), call.Cancel))
        {
            desk.Counts.Count(connector, CaptureResult.Repeated);
            return;
        }
        await queue.AddAsync([job], call.Cancel);
        desk.Counts.Count(connector, CaptureResult.Queued);
    }

    // Not every kind of push is documented as signed: what is signed must be right; the connector's map may ask for more.
    private void CheckSignature(Connector connector, string header, byte[] bytes)
    {
        if (header.Length == 0 && connector.Map("requireSignature") != "true") return;
        var hex = header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : header;
        if (Signatures.Verify(connector.Secret("clientSecret"), hex, SchemeBytes, bytes)) return;
        throw desk.Unauthenticated(connector, "X-LI-Signature is not the HMAC-SHA256 of hmacsha256= and the body under the client secret.");
    }
}
