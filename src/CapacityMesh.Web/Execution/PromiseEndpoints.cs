using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Execution;

/// <summary>Words that somebody means to say, or a template that will say them.</summary>
internal sealed record WordsBody(string? Text);

/// <summary>Words held against a message promise.</summary>
/// <param name="Promise">What the campaign promised; null when it promised nothing.</param>
/// <param name="Contradictions">What the words say otherwise; empty when nothing was found, which is no proof.</param>
internal sealed record WordsReply(PromiseBody? Promise, IReadOnlyList<Contradiction> Contradictions);

/// <summary>Whether words keep the promise that a campaign made. The words are looked at and forgotten.</summary>
internal sealed class PromiseEndpoints : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Post("/v1/leads/{id}/check-words", Access.Operator, "Hold words for a person against what their campaign promised", OfLeadAsync).Takes<WordsBody>().Gives<WordsReply>().Refuses(404);
        routes.Post("/v1/campaigns/{id}/check-words", Access.Operator, "Hold a template against what a campaign promised", OfCampaignAsync).Takes<WordsBody>().Gives<WordsReply>().Refuses(404);
    }

    /// <summary>What a campaign promised, or null.</summary>
    public static async ValueTask<PromiseBody?> OfAsync(IRowStore rows, string workspace, string campaign, CancellationToken cancel) =>
        (await rows.ReadAsync<CampaignBody>(Documents.Key(workspace, CampaignEndpoints.Kind, campaign), cancel))?.Promise;

    /// <summary>What words say otherwise than a promise.</summary>
    public static IReadOnlyList<Contradiction> Check(PromiseBody? promise, string? words) => promise?.Text is { } text && words is not null ? MessagePromise.Check(text, words) : [];

    /// <summary>What is wrong with words, beside what they say.</summary>
    public static FieldErrors CheckLength(FieldErrors errors, string? words, string field) =>
        errors.Require(words is not { Length: > MessagePromise.TextLengthMax }, field, "tooLong", "A message has at most 8,000 characters.");

    private static async Task OfLeadAsync(ApiCall call)
    {
        var (state, _) = await LeadView.ReadAsync(call);
        await ReplyAsync(call, state.Campaign);
    }

    private static Task OfCampaignAsync(ApiCall call) => ReplyAsync(call, call.Key("id"));

    private static async Task ReplyAsync(ApiCall call, string campaign)
    {
        var body = await call.BodyAsync<WordsBody>();
        CheckLength(new FieldErrors().Require(body.Text is not null, "text", "required", "Say which words."), body.Text, "text").ThrowIfAny();
        var promise = await OfAsync(call.Mesh.Journal.Rows, call.Workspace, campaign, call.Cancel);
        await call.ReplyAsync(new WordsReply(promise, Check(promise, body.Text)));
    }
}
