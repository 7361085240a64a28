using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Feedback.Reports;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Capture;

/// <summary>
/// The way in. 1. Check. 2. Find the contact, or name a new one. 3. Ask it, with the identities and the personal data in the same transaction.
/// 4. When somebody else claimed the identity meanwhile, look again.
/// </summary>
internal sealed class Intake(
    IMesh mesh, Workspaces workspaces, IdentityKeys identities, ContactResolver resolver, CampaignSkills campaigns, UnknownCampaigns unknown, VisitBook visits, TimeOrderedIds ids) : IEndpoints
{
    // Each retry means that another process won the same person in the same milliseconds.
    private const int AttemptsMax = 5;

    public void Map(Routes routes) =>
        routes.Post("/v1/leads", Access.Capture, "Capture a lead; 200 when it joins an open lead of the same person", PostAsync)
            .Takes<LeadBody>().Gives<LeadReply>().Gives<LeadReply>(StatusCodes.Status201Created).Refuses(422);

    private async Task PostAsync(ApiCall call)
    {
        var body = await call.BodyAsync<LeadBody>();
        var captured = await CaptureAsync(call.Workspace, body, new LeadOrigin(call.RequestKey, call.BodyHash), call.Cancel);
        await ReplyAsync(call, captured.Answer);
    }

    /// <summary>Captures a lead, whichever way it came.</summary>
    /// <exception cref="ProblemException">Something is wrong with it; nothing was captured.</exception>
    public async Task<CapturedLead> CaptureAsync(string workspace, LeadBody body, LeadOrigin origin, CancellationToken cancel)
    {
        var now = mesh.Now;
        var errors = new FieldErrors();
        var country = (await workspaces.FindAsync(workspace, cancel))?.PhoneCountry;
        var contact = CheckedContact.Of(body.Contact, country, mesh.World, errors);
        LeadCheck.Check(body, now, errors);
        errors.ThrowIfAny();
        var (campaign, skills) = await CampaignOfAsync(workspace, body, cancel);
        var leadId = ids.Next(now);
        var occurredAt = body.OccurredAt is { } given && given < now ? given : now;
        var keys = await identities.OfAsync(workspace, contact.Email, contact.Phone, cancel);
        var visitor = string.IsNullOrEmpty(body.Touch?.Visitor) ? null : await visits.HashOfAsync(workspace, body.Touch.Visitor, cancel);
        ImmutableArray<Touch>? touches = visitor is not null && await visits.TouchesOfAsync(workspace, visitor, cancel) is { IsEmpty: false } past ? past : null;
        var (answer, isRepeat) = await AskAsync(workspace, keys, async resolution =>
        {
            var submission = new Submission(leadId, resolution.Contact, campaign, occurredAt, skills, body.Value) { Touches = touches, TimeZone = contact.TimeZone };
            var vaulted = new VaultSubmission(occurredAt, body.Campaign ?? campaign, contact.Profile, body.Message, LeadCheck.AttributesOf(body), body.Touch) { Consent = body.Consent };
            var rows = await RowsAsync(workspace, resolution, leadId, vaulted, visitor, cancel);
            return new MeshRequest(new EntityId(workspace, EntityKind.Contact, resolution.Contact), new ContactCommand.Capture(submission))
            {
                IdempotencyKey = origin.Key,
                BodyHash = origin.BodyHash,
                AlsoNew = new EntityId(workspace, EntityKind.Lead, leadId),
                Rows = origin.Note is { } note ? [.. rows, note(leadId, resolution.Contact)] : rows,
            };
        }, cancel);
        return new CapturedLead((Captured)answer, isRepeat);
    }

    /// <summary>Asks the contact behind identities, as often as the answer is that somebody else was faster.</summary>
    public async Task<(Answer Answer, bool IsRepeat)> AskAsync(string workspace, string[] keys, Func<Resolution, ValueTask<MeshRequest>> request, CancellationToken cancel)
    {
        for (var (attempt, refused) = (1, 0); ; attempt++)
        {
            var resolution = await resolver.ResolveAsync(workspace, keys, cancel);
            var asked = await request(resolution);
            // A refusal is stored under the key like every answer, so the next contact is asked under another: a repeat of the request takes the same way.
            var key = refused == 0 || asked.IdempotencyKey is null ? asked.IdempotencyKey : $"{asked.IdempotencyKey}\n{refused}";
            var result = await mesh.AskAsync(asked with { IdempotencyKey = key, Claims = resolution.Claims, TargetIsNew = resolution.IsNew }, cancel);
            var isErased = result is AskResult.Answered { Answer: Answer.Rejected no } && no.Rejection.Code == ContactRejections.Erased.Code;
            var isStale = isErased || result is AskResult.IdentityTaken;
            if (isErased) refused++;
            if (isStale) resolver.Forget(workspace, keys);
            else if (result is AskResult.Answered) resolver.Confirm(resolution);
            if (!isStale || attempt == AttemptsMax) return (ApiCall.AnswerOf(result), result is AskResult.Answered { Repeated: true });
        }
    }

    // A name that cannot be an id is no campaign of ours; the lead is welcome all the same.
    private async ValueTask<(string Campaign, ImmutableArray<string> Skills)> CampaignOfAsync(string workspace, LeadBody body, CancellationToken cancel)
    {
        var own = body.Skills is { Count: > 0 } asked ? [.. asked.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : ImmutableArray<string>.Empty;
        if (string.IsNullOrWhiteSpace(body.Campaign) || body.Campaign == Submission.Unattributed) return (Submission.Unattributed, own);
        var isKey = FieldErrors.IsKey(body.Campaign);
        var theirs = isKey ? await campaigns.OfAsync(workspace, body.Campaign, cancel) : null;
        if (theirs is null) await unknown.NoteAsync(workspace, body.Campaign, cancel);
        var skills = theirs is not { IsEmpty: false } more ? own : own.IsEmpty ? more : [.. own.Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(Limits.SkillsMax)];
        return (isKey ? body.Campaign : Submission.Unattributed, skills);
    }

    private async ValueTask<IReadOnlyList<RowChange>> RowsAsync(string workspace, Resolution resolution, string leadId, VaultSubmission submission, string? visitor, CancellationToken cancel)
    {
        var before = resolution.IsNew ? null : await mesh.Journal.Rows.ProfileAsync(workspace, resolution.Contact, cancel);
        var profile = Vault.Merge(before, submission.Contact);
        var lead = Vault.Submission(workspace, resolution.Contact, leadId, submission);
        List<RowChange> rows = profile == before ? [lead] : [Vault.Profile(workspace, resolution.Contact, profile), lead];
        // Whoever visited before they asked: by the mark their browser carries, or as the person we knew already.
        if (visitor is not null) rows.AddRange(VisitBook.BecameLead(workspace, visitor, mesh.Now));
        if (!resolution.IsNew) rows.AddRange(VisitBook.BecameLead(workspace, await visits.HashOfContactAsync(workspace, resolution.Contact, cancel), mesh.Now));
        return rows;
    }

    private static Task ReplyAsync(ApiCall call, Captured captured)
    {
        call.Http.Response.Headers.Location = $"/v1/leads/{captured.LeadId}";
        return call.ReplyAsync(LeadReply.Of(captured), captured.Decision is IntakeDecision.Merged ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }
}

/// <summary>How a lead came.</summary>
/// <param name="Key">Idempotency key, with the route or platform that it belongs to; null when nothing tells a repeat.</param>
/// <param name="BodyHash">Another hash under the same key is refused.</param>
/// <param name="Note">A row to write with it, from the lead's and the contact's id: how its source will find it again.</param>
internal sealed record LeadOrigin(string? Key, string BodyHash = "", Func<string, string, RowChange>? Note = null);

/// <summary>What became of a lead.</summary>
/// <param name="Answer">The mesh's answer.</param>
/// <param name="IsRepeat">It had been captured before; this is the answer of that time.</param>
internal sealed record CapturedLead(Captured Answer, bool IsRepeat);
