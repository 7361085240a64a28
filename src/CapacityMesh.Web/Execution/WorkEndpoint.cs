using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Execution;

/// <summary>An offer, with what a salesperson needs to decide.</summary>
internal sealed record OfferView(string LeadId, string? Stage, string Campaign, DateTimeOffset? Until, PromiseBody? Promise, VaultProfile? Contact, string? Message, Reason? Reason);

/// <summary>Work under way, with what a salesperson needs to do it.</summary>
internal sealed record OpenWorkView(
    string LeadId, string? Stage, string Campaign, DateTimeOffset? AcceptedAt, DateTimeOffset? ContactedAt, DateTimeOffset? ContactDue, DateTimeOffset? Until,
    PromiseBody? Promise, VaultProfile? Contact, string? Message, TouchView? Touch);

/// <summary>A salesperson's desk.</summary>
internal sealed record WorkReply(string Person, PresenceStatus Status, bool TakesOffers, IReadOnlyList<OfferView> Offers, IReadOnlyList<OpenWorkView> Open, LoadReply Load);

/// <summary>What one person is asked, and what they are on.</summary>
internal sealed class WorkEndpoint : IEndpoints
{
    public void Map(Routes routes) =>
        routes.Get("/v1/people/{id}/work", Access.Operator, "A person's offers and open work", GetAsync).Gives<WorkReply>().Refuses(404);

    private static async Task GetAsync(ApiCall call)
    {
        var id = call.Key("id");
        if (await call.StateAsync<SalespersonState>(EntityKind.Salesperson, id) is not { Phase: SalespersonPhase.Active } person) throw new ProblemException(Problem.Rejected(SalespersonRejections.Unknown));
        var (offers, open) = (new List<OfferView>(), new List<OpenWorkView>());
        foreach (var held in person.Work)
        {
            // The person's record runs a message ahead of, or behind, the lead's: the lead says what is so.
            if (await call.StateAsync<LeadState>(EntityKind.Lead, held.LeadId) is not { } lead || lead.Person != id) continue;
            if (lead.Phase is LeadPhase.Offered) offers.Add(await OfferAsync(call, held.LeadId, lead));
            else if (lead.Phase is LeadPhase.Working) open.Add(await OpenAsync(call, held.LeadId, lead));
        }
        var now = call.Mesh.Now;
        await call.ReplyAsync(new WorkReply(id, person.Status, SalespersonCapacity.TakesOffers(person, now), offers, open, LoadReply.Of(person, now)));
    }

    private static async Task<OfferView> OfferAsync(ApiCall call, string id, LeadState lead)
    {
        var (promise, contact, message) = await AroundAsync(call, id, lead);
        return new OfferView(id, lead.Stage, lead.Campaign, lead.Until, promise, contact, message, lead.Because);
    }

    private static async Task<OpenWorkView> OpenAsync(ApiCall call, string id, LeadState lead)
    {
        var (promise, contact, message) = await AroundAsync(call, id, lead);
        return new OpenWorkView(id, lead.Stage, lead.Campaign, lead.AcceptedAt, lead.ContactedAt, lead.ContactDue, lead.Until, promise, contact, message, TouchView.Of(lead));
    }

    private static async Task<(PromiseBody?, VaultProfile?, string?)> AroundAsync(ApiCall call, string id, LeadState lead)
    {
        var rows = call.Mesh.Journal.Rows;
        var promise = await PromiseEndpoints.OfAsync(rows, call.Workspace, lead.Campaign, call.Cancel);
        var profile = await rows.ProfileAsync(call.Workspace, lead.Contact, call.Cancel);
        var submission = await rows.SubmissionAsync(call.Workspace, lead.Contact, id, call.Cancel);
        return (promise, profile, submission?.Message);
    }
}
