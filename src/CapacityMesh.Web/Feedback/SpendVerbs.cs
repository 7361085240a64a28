using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Feedback;

/// <summary>What a consumer has applied.</summary>
internal sealed record AcknowledgeBody(long? Version, SpendAction? Applied, DateTimeOffset? At);

/// <summary>A human's word; a null action ends it.</summary>
internal sealed record HoldBody(SpendAction? Action, string? Reason, DateTimeOffset? Until);

/// <summary>A campaign's signal after a word about it.</summary>
internal sealed record CampaignSignalReply(string Campaign, SpendAction Action, decimal BudgetMultiplier, DateTimeOffset? Since, Reason Reason, ProposalView? Proposed, HumanHold? Hold, Acknowledgement? Acknowledged);

/// <summary>What consumers and humans say about the spend table.</summary>
internal sealed class SpendVerbs : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Post("/v1/spend/{campaign}/acknowledge", Access.Spend, "A consumer says what it applied", AcknowledgeAsync).Takes<AcknowledgeBody>().Gives<CampaignSignalReply>().Refuses(404, 422);
        routes.Post("/v1/spend/{campaign}/approve", Access.Operator, "A human agrees with the proposal", c => PlainAsync(c, new CampaignCommand.Approve())).Gives<CampaignSignalReply>().Refuses(404, 409, 422);
        routes.Post("/v1/spend/{campaign}/reject", Access.Operator, "A human refuses the proposal", c => PlainAsync(c, new CampaignCommand.Reject())).Gives<CampaignSignalReply>().Refuses(404, 409, 422);
        routes.Post("/v1/spend/{campaign}/hold", Access.Operator, "A human's word wins until it ends; a null action ends it", HoldAsync).Takes<HoldBody>().Gives<CampaignSignalReply>().Refuses(404, 422);
    }

    private static async Task AcknowledgeAsync(ApiCall call)
    {
        var body = await call.BodyAsync<AcknowledgeBody>();
        var errors = new FieldErrors()
            .Require(body.Version is >= 0, "version", "required", "Say which version was applied.")
            .Require(body.Applied is not null, "applied", "required", "Say what was applied: run, ease or pause.");
        errors.ThrowIfAny();
        await AskAsync(call, new CampaignCommand.Acknowledge(new Acknowledgement(body.Version!.Value, body.Applied!.Value, body.At ?? call.Mesh.Now)));
    }

    private static async Task PlainAsync(ApiCall call, CampaignCommand command)
    {
        await call.BodyOrNoneAsync<EmptyBody>();
        await AskAsync(call, command);
    }

    private static async Task HoldAsync(ApiCall call)
    {
        var body = await call.BodyAsync<HoldBody>();
        var errors = new FieldErrors()
            .Require(body.Action is null || body.Reason is { Length: > 0 and <= Limits.NameLengthMax }, "reason", "required", "A hold has a reason of at most 200 characters.")
            .Require(body.Until is not { } until || until <= call.Mesh.Now + Limits.DurationMax, "until", "outOfRange", "A hold ends within ten years.");
        errors.ThrowIfAny();
        await AskAsync(call, new CampaignCommand.Hold(body.Action, body.Reason ?? "", body.Action is null ? null : body.Until));
    }

    private static async Task AskAsync(ApiCall call, CampaignCommand command)
    {
        var campaign = call.Key("campaign");
        await call.AskAsync(call.Entity(EntityKind.Campaign, campaign), command);
        var state = (await call.StateAsync<CampaignState>(EntityKind.Campaign, campaign))!;
        var proposed = state.Proposed is { } p ? new ProposalView(p.Action, p.Multiplier, p.Reason) : null;
        await call.ReplyAsync(new CampaignSignalReply(campaign, state.Signal.Action, state.Signal.Multiplier, state.Since, state.Signal.Reason, proposed, state.Hold, state.Acknowledged));
    }
}
