using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Feedback.Reports;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Capture;

/// <summary>Something a person did that is no request.</summary>
/// <param name="Contact">Who: e-mail or phone.</param>
/// <param name="Kind">What, in one word: pageVisit, reply, call.</param>
/// <param name="Points">Intent it shows, 1 to 100; default 5.</param>
/// <param name="OccurredAt">When; default now.</param>
/// <param name="Campaign">The campaign that brought them: a touch, which attribution counts.</param>
/// <param name="Visitor">A mark of one's own for somebody nobody knows yet, such as a first-party cookie's value; 8 to 200 characters. Instead of, or beside, the contact.</param>
/// <param name="LandingPage">The page; host and path are kept.</param>
internal sealed record SignalBody(ContactBody? Contact, string? Kind, int? Points, DateTimeOffset? OccurredAt, string? Campaign, string? Visitor, string? LandingPage);

/// <summary>Whose signal it was.</summary>
/// <param name="Contact">The contact; null for a visitor whom nobody knows.</param>
/// <param name="Intent">Intent shown so far, as it has faded by now; null for a visitor.</param>
/// <param name="LeadId">Their open lead, which was told; null when there is none.</param>
internal sealed record SignalReply(string? Contact, string? LeadId, int? Intent);

/// <summary>What people do beside asking; and their right to be forgotten.</summary>
internal sealed class ContactEndpoints(Intake intake, IdentityKeys identities, IdentityCache cache, Workspaces workspaces, VisitBook visits, UnknownCampaigns unknown, CampaignSkills campaigns) : IEndpoints
{
    private const int DefaultPoints = 5;
    private const int VisitorLengthMin = 8;
    private const int VisitorLengthMax = 200;
    private const int PageLengthMax = 2_000;
    private const string PageVisit = "pageVisit";

    public void Map(Routes routes)
    {
        routes.Post("/v1/signals", Access.Capture, "A visit, a reply, a call: raises an open lead's intent, or starts a contact", SignalAsync).Takes<SignalBody>().Gives<SignalReply>().Refuses(409, 422);
        routes.Delete("/v1/contacts/{id}", Access.Operator, "Erase a person's data for good; the numbers stay", EraseAsync).GivesNothing().Refuses(404);
    }

    private async Task SignalAsync(ApiCall call)
    {
        var body = await call.BodyAsync<SignalBody>();
        var errors = new FieldErrors().RequireKey(body.Kind, "kind")
            .Require(body.Visitor is null or { Length: >= VisitorLengthMin and <= VisitorLengthMax }, "visitor", "invalidVisitor", "A visitor's mark has 8 to 200 characters.")
            .Require(body.LandingPage is not { Length: > PageLengthMax }, "landingPage", "tooLong", "At most 2,000 characters.")
            .Require(body.Campaign is not { Length: > Limits.NameLengthMax }, "campaign", "tooLong", "A campaign's name has at most 200 characters.")
            .Require(body.Points is null or (>= 1 and <= 100), "points", "outOfRange", "A signal is worth 1 to 100 points.");
        LeadCheck.CheckOccurredAt(body.OccurredAt, call.Mesh.Now, errors);
        var (at, campaign) = (body.OccurredAt is { } given && given < call.Mesh.Now ? given : call.Mesh.Now, await CampaignOfAsync(call, body.Campaign));
        var isVisit = body.Kind == PageVisit || body.LandingPage is not null;
        if (body.Contact is null && body.Visitor is not null)
        {
            errors.Require(isVisit, "kind", "contactRequired", "Of a visitor whom nobody knows, only visits are kept.").ThrowIfAny();
            await visits.NoteAsync(call.Workspace, await visits.HashOfAsync(call.Workspace, body.Visitor, call.Cancel), campaign, body.LandingPage, body.Kind!, at, call.Cancel);
            await call.ReplyAsync(new SignalReply(null, null, null));
            return;
        }
        var country = (await workspaces.FindAsync(call.Workspace, call.Cancel))?.PhoneCountry;
        var contact = CheckedContact.Of(body.Contact, country, call.Mesh.World, errors);
        errors.ThrowIfAny();
        var keys = await identities.OfAsync(call.Workspace, contact.Email, contact.Phone, call.Cancel);
        var id = "";
        await intake.AskAsync(call.Workspace, keys, async resolution =>
        {
            id = resolution.Contact;
            var before = resolution.IsNew ? null : await call.Mesh.Journal.Rows.ProfileAsync(call.Workspace, id, call.Cancel);
            var profile = Vault.Merge(before, contact.Profile);
            return call.Request(call.Entity(EntityKind.Contact, id), new ContactCommand.Signal(body.Kind!, body.Points ?? DefaultPoints, campaign)) with
            {
                Rows = profile == before ? [] : [Vault.Profile(call.Workspace, id, profile)],
            };
        }, call.Cancel);
        if (isVisit)
        {
            // The touch is the contact's own; the visit is counted.
            var visitor = body.Visitor is { } mark ? await visits.HashOfAsync(call.Workspace, mark, call.Cancel) : await visits.HashOfContactAsync(call.Workspace, id, call.Cancel);
            await visits.NoteAsync(call.Workspace, visitor, campaign, body.LandingPage, touch: null, at, call.Cancel);
        }
        var state = await call.StateAsync<ContactState>(EntityKind.Contact, id);
        var lead = state?.OpenLead is { } open ? await call.StateAsync<LeadState>(EntityKind.Lead, open) : null;
        var intent = lead is null ? IntentScore.At(state?.Intent ?? 0, state?.LastSignalAt, call.Mesh.Now) : IntentScore.At(lead.Intent, lead.IntentAt, call.Mesh.Now);
        await call.ReplyAsync(new SignalReply(id, state?.OpenLead, intent));
    }

    private async ValueTask<string?> CampaignOfAsync(ApiCall call, string? campaign)
    {
        if (string.IsNullOrWhiteSpace(campaign)) return null;
        if (FieldErrors.IsKey(campaign) && await campaigns.OfAsync(call.Workspace, campaign, call.Cancel) is not null) return campaign;
        if (campaign != Submission.Unattributed) await unknown.NoteAsync(call.Workspace, campaign, call.Cancel);
        return FieldErrors.IsKey(campaign) ? campaign : Submission.Unattributed;
    }

    private async Task EraseAsync(ApiCall call)
    {
        var id = call.Key("id");
        await call.AskAsync(new MeshRequest(call.Entity(EntityKind.Contact, id), new ContactCommand.Erase())
        {
            Rows = [Vault.Erase(call.Workspace, id)],
            DropClaimsOf = id,
        });
        cache.ForgetContact(call.Workspace, id);
        await call.ReplyEmptyAsync();
    }
}
