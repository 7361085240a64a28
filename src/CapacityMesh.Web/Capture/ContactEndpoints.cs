using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Capture;

/// <summary>Something a person did that is no request.</summary>
/// <param name="Contact">Who: e-mail or phone.</param>
/// <param name="Kind">What, in one word: pageVisit, reply, call.</param>
/// <param name="Points">Intent it shows, 1 to 100; default 5.</param>
/// <param name="OccurredAt">When; default now.</param>
internal sealed record SignalBody(ContactBody? Contact, string? Kind, int? Points, DateTimeOffset? OccurredAt);

/// <summary>Whose signal it was.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="LeadId">Their open lead, which was told; null when there is none.</param>
internal sealed record SignalReply(string Contact, string? LeadId);

/// <summary>What people do beside asking; and their right to be forgotten.</summary>
internal sealed class ContactEndpoints(Intake intake, IdentityKeys identities, IdentityCache cache, Workspaces workspaces) : IEndpoints
{
    private const int DefaultPoints = 5;

    public void Map(Routes routes)
    {
        routes.Post("/v1/signals", Access.Capture, "A visit, a reply, a call: raises an open lead's intent, or starts a contact", SignalAsync).Takes<SignalBody>().Gives<SignalReply>().Refuses(409, 422);
        routes.Delete("/v1/contacts/{id}", Access.Operator, "Erase a person's data for good; the numbers stay", EraseAsync).GivesNothing().Refuses(404);
    }

    private async Task SignalAsync(ApiCall call)
    {
        var body = await call.BodyAsync<SignalBody>();
        var errors = new FieldErrors().RequireKey(body.Kind, "kind").Require(body.Points is null or (>= 1 and <= 100), "points", "outOfRange", "A signal is worth 1 to 100 points.");
        LeadCheck.CheckOccurredAt(body.OccurredAt, call.Mesh.Now, errors);
        var country = (await workspaces.FindAsync(call.Workspace, call.Cancel))?.PhoneCountry;
        var contact = CheckedContact.Of(body.Contact, country, errors);
        errors.ThrowIfAny();
        var keys = await identities.OfAsync(call.Workspace, contact.Email, contact.Phone, call.Cancel);
        var id = "";
        await intake.AskAsync(call.Workspace, keys, async resolution =>
        {
            id = resolution.Contact;
            var before = resolution.IsNew ? null : await call.Mesh.Journal.Rows.ProfileAsync(call.Workspace, id, call.Cancel);
            var profile = Vault.Merge(before, contact.Profile);
            return call.Request(call.Entity(EntityKind.Contact, id), new ContactCommand.Signal(body.Kind!, body.Points ?? DefaultPoints)) with
            {
                Rows = profile == before ? [] : [Vault.Profile(call.Workspace, id, profile)],
            };
        }, call.Cancel);
        var state = await call.StateAsync<ContactState>(EntityKind.Contact, id);
        await call.ReplyAsync(new SignalReply(id, state?.OpenLead));
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
