using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>The campaigns and what they cost.</summary>
internal sealed class CampaignEndpoints(CampaignSkills skills) : IEndpoints
{
    /// <summary>Kind of their documents.</summary>
    public const string Kind = "campaign";

    private const long CountMax = 1_000_000_000_000;

    public void Map(Routes routes)
    {
        routes.Put("/v1/campaigns/{id}", Access.Operator, "Describe a campaign; always 200", PutAsync).Takes<CampaignBody>().Gives<CampaignReply>().Refuses(422);
        routes.Get("/v1/campaigns/{id}", Access.Operator, "One campaign", GetAsync).Gives<CampaignReply>().Refuses(404);
        routes.Get("/v1/campaigns", Access.Operator, "List campaigns, by id", ListAsync).Asks("limit", "cursor").Gives<Page<CampaignReply>>();
        routes.Post("/v1/campaigns/{id}/costs", Access.Operator, "A day's cost; a repeat for the same day replaces", AddCostAsync).Takes<CostBody>().Gives<CampaignReply>().Refuses(404, 422);
    }

    private async Task PutAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<CampaignBody>();
        var profile = body.ToProfile();
        await call.AskAsync(call.Entity(EntityKind.Campaign, id), new CampaignCommand.Configure(profile), Documents.Row(Documents.Key(call.Workspace, Kind, id), body));
        skills.Forget(call.Workspace, id);
        await Settle.CampaignAsync(call, id);
        await ReplyWithAsync(call, id);
    }

    private static Task GetAsync(ApiCall call) => ReplyWithAsync(call, call.Key("id"));

    private static async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 100, 1, 500);
        var page = await call.Mesh.Journal.Rows.ListAsync<CampaignBody>(call.Workspace, RowTables.Documents, $"{Kind}:", call.KeyInQuery("cursor"), limit, call.Cancel);
        var items = new List<CampaignReply>(page.Count);
        foreach (var (id, body) in page)
        {
            if (await call.StateAsync<CampaignState>(EntityKind.Campaign, id) is { } state) items.Add(CampaignReply.Of(id, body, state));
        }
        await call.ReplyAsync(new Page<CampaignReply>(items, page.Count == limit ? page[^1].Key : null));
    }

    private static async Task AddCostAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<CostBody>();
        var today = DateOnly.FromDateTime(call.Mesh.Now.UtcDateTime);
        var errors = new FieldErrors()
            .Require(body.Day is { } day && day <= today.AddDays(1) && day >= today.AddDays(-3_660), "day", "outOfRange", "A cost is of a day of the last ten years.")
            .Require(body.Amount is not null && CampaignProfile.IsMoney(body.Amount), "amount", "invalidMoney", "An amount is not negative and below a billion; a currency has three capital letters.")
            .Require(body.Clicks is null or (>= 0 and <= CountMax), "clicks", "outOfRange", "Clicks are not negative.")
            .Require(body.Impressions is null or (>= 0 and <= CountMax), "impressions", "outOfRange", "Impressions are not negative.");
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
        await call.AskAsync(call.Entity(EntityKind.Campaign, id), new CampaignCommand.RecordCost(new DayCost(body.Day!.Value, body.Amount!, body.Clicks ?? 0, body.Impressions ?? 0)));
        await ReplyWithAsync(call, id);
    }

    private static async Task ReplyWithAsync(ApiCall call, string id)
    {
        var state = await call.StateAsync<CampaignState>(EntityKind.Campaign, id);
        if (state is not { IsConfigured: true }) throw new ProblemException(Problem.Rejected(CampaignRejections.Unknown));
        var body = await call.Mesh.Journal.Rows.ReadAsync<CampaignBody>(Documents.Key(call.Workspace, Kind, id), call.Cancel);
        await call.ReplyAsync(CampaignReply.Of(id, body ?? new CampaignBody(id, null, null, null, null, null, null, null, null), state));
    }
}
