using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Execution;

/// <summary>What a verb may carry; each takes what it needs.</summary>
internal sealed record VerbBody(string? Person, string? Slot, bool? Override, StageOutcome? Outcome, string? Reason, Money? Value);

/// <summary>The verbs of a lead, one to one its commands; each answers with the lead as it is afterwards.</summary>
internal sealed class LeadVerbs : IEndpoints
{
    public void Map(Routes routes)
    {
        Verb(routes, "accept", "The person takes the offer", b => new LeadCommand.Accept(b.Person!), needsPerson: true);
        Verb(routes, "decline", "The person declines the offer", b => new LeadCommand.Decline(b.Person!, b.Reason), needsPerson: true);
        Verb(routes, "contacted", "The person reached, or tried to reach, the contact", b => new LeadCommand.Contacted(b.Person!), needsPerson: true);
        Verb(routes, "assign", "Give the lead to a person; override sets aside everything but capacity", b => new LeadCommand.Assign(b.Person!, b.Override ?? false), needsPerson: true);
        Verb(routes, "complete", "The stage is over", b => new LeadCommand.Complete(b.Person, b.Outcome ?? StageOutcome.Passed, b.Reason, b.Value), CheckComplete);
        Verb(routes, "return", "The work goes back to the queue, in place", b => new LeadCommand.Return(b.Person, b.Reason));
        Verb(routes, "reopen", "A closed lead lives again", _ => new LeadCommand.Reopen());
        Verb(routes, "book", "Book a slot: the one held, or another open one", b => new LeadCommand.Book(b.Slot!), (b, e) => e.RequireKey(b.Slot, "slot"));
        Verb(routes, "start", "Delivery begins in the booked slot", _ => new LeadCommand.Start());
        Verb(routes, "retract", "The source, or an operator, takes the lead back", _ => new LeadCommand.Retract(LeadReasons.Retracted), access: Access.Capture);
    }

    private static void CheckComplete(VerbBody body, FieldErrors errors) => errors
        .Require(body.Outcome is not null || body.Person is null, "outcome", "required", "An outcome is passed or lost.")
        .Require(CampaignProfile.IsMoney(body.Value), "value", "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.");

    private static void Verb(
        Routes routes, string verb, string summary, Func<VerbBody, LeadCommand> command, Action<VerbBody, FieldErrors>? check = null, bool needsPerson = false, Access? access = null)
    {
        routes.Post($"/v1/leads/{{id}}/{verb}", access ?? Access.Operator, summary, RunAsync).Takes<VerbBody>(optional: true).Gives<LeadView>().Refuses(404, 409, 422);

        async Task RunAsync(ApiCall call)
        {
            var id = call.Key("id");
            var body = await call.BodyOrNoneAsync<VerbBody>() ?? new VerbBody(null, null, null, null, null, null);
            var errors = new FieldErrors()
                .Require(body.Person is null ? !needsPerson : FieldErrors.IsKey(body.Person), "person", body.Person is null ? "required" : "invalidId", "A person is named by an id of 1 to 64 letters, digits, '-', '_', '.' or ':'.")
                .Require(body.Reason is not { Length: > Limits.NameLengthMax }, "reason", "tooLong", "A reason has at most 200 characters.");
            check?.Invoke(body, errors);
            errors.ThrowIfAny();
            await call.AskAsync(call.Entity(EntityKind.Lead, id), command(body));
            await LeadView.ReplyAsync(call);
        }
    }
}
