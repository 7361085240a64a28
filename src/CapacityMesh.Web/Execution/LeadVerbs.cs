using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Execution;

/// <summary>What a verb may carry; each takes what it needs.</summary>
internal sealed record VerbBody(string? Person, string? Slot, bool? Override, StageOutcome? Outcome, string? Reason, Money? Value, string? Channel, string? Text);

/// <summary>The verbs of a lead, one to one its commands; each answers with the lead as it is afterwards.</summary>
internal sealed class LeadVerbs : IEndpoints
{
    public void Map(Routes routes)
    {
        Verb(routes, "accept", "The person takes the offer", b => new LeadCommand.Accept(b.Person!), needsPerson: true);
        Verb(routes, "decline", "The person declines the offer", b => new LeadCommand.Decline(b.Person!, b.Reason), needsPerson: true);
        routes.Post("/v1/leads/{id}/contacted", Access.Operator, "The person reached, or tried to reach, the contact; a text is held against the message promise and forgotten", ContactedAsync)
            .Takes<VerbBody>(optional: true).Gives<LeadView>().Refuses(404, 409, 422);
        Verb(routes, "assign", "Give the lead to a person; override sets aside everything but capacity", b => new LeadCommand.Assign(b.Person!, b.Override ?? false), needsPerson: true);
        Verb(routes, "complete", "The stage is over", b => new LeadCommand.Complete(b.Person, b.Outcome ?? StageOutcome.Passed, b.Reason, b.Value), CheckComplete);
        Verb(routes, "return", "The work goes back to the queue, in place", b => new LeadCommand.Return(b.Person, b.Reason));
        Verb(routes, "reopen", "A closed lead lives again", _ => new LeadCommand.Reopen());
        Verb(routes, "book", "Book a slot: the one held, or another open one", b => new LeadCommand.Book(b.Slot!), (b, e) => e.RequireKey(b.Slot, "slot"));
        Verb(routes, "start", "Delivery begins in the booked slot", _ => new LeadCommand.Start());
        Verb(routes, "retract", "The source, or an operator, takes the lead back", _ => new LeadCommand.Retract(LeadReasons.Retracted), access: Access.Capture);
    }

    private static VerbBody None { get; } = new(null, null, null, null, null, null, null, null);

    private static FieldErrors CheckPerson(VerbBody body, bool needsPerson) => new FieldErrors()
        .Require(body.Person is null ? !needsPerson : FieldErrors.IsKey(body.Person), "person", body.Person is null ? "required" : "invalidId", "A person is named by an id of 1 to 64 letters, digits, '-', '_', '.' or ':'.");

    // What was said is looked at, and forgotten: only that it contradicts stays.
    private static async Task ContactedAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyOrNoneAsync<VerbBody>() ?? None;
        var errors = CheckPerson(body, needsPerson: true).Require(body.Channel is null || FieldErrors.IsKey(body.Channel), "channel", "invalidId", "A channel is one word of 1 to 64 letters, digits, '-', '_', '.' or ':'.");
        PromiseEndpoints.CheckLength(errors, body.Text, "text").ThrowIfAny();
        var contradicts = body.Text is null ? null : await ContradictedAsync(call, id, body.Text);
        await call.AskAsync(call.Entity(EntityKind.Lead, id), new LeadCommand.Contacted(body.Person!, body.Channel, contradicts));
        await LeadView.ReplyAsync(call);
    }

    private static async ValueTask<string?> ContradictedAsync(ApiCall call, string id, string text)
    {
        if (await call.StateAsync<LeadState>(EntityKind.Lead, id) is not { } state) return null;
        var promise = await PromiseEndpoints.OfAsync(call.Mesh.Journal.Rows, call.Workspace, state.Campaign, call.Cancel);
        return PromiseEndpoints.Check(promise, text).Count > 0 ? promise!.Id : null;
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
            var body = await call.BodyOrNoneAsync<VerbBody>() ?? None;
            var errors = CheckPerson(body, needsPerson)
                .Require(body.Reason is not { Length: > Limits.NameLengthMax }, "reason", "tooLong", "A reason has at most 200 characters.");
            check?.Invoke(body, errors);
            errors.ThrowIfAny();
            await call.AskAsync(call.Entity(EntityKind.Lead, id), command(body));
            await LeadView.ReplyAsync(call);
        }
    }
}
