using CapacityMesh.Core.Execution;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Execution;

/// <summary>Leads as they are.</summary>
internal sealed class LeadEndpoints : IEndpoints
{
    private static readonly string[] States = [.. Enum.GetValues<LeadPhase>().Select(Wire.NameOf)];

    public void Map(Routes routes)
    {
        routes.Get("/v1/leads/{id}", Access.Operator, "One lead", LeadView.ReplyAsync).Gives<LeadView>().Refuses(404);
        routes.Get("/v1/leads", Access.Operator, "List leads, newest first", ListAsync).Asks("state", "pool", "campaign", "person", "limit", "cursor").Gives<Page<LeadItem>>();
    }

    private static async Task ListAsync(ApiCall call)
    {
        var state = call.Text("state");
        if (state is not null && !States.Contains(state)) throw new ProblemException(Problem.Invalid("state", "unknownState", $"A state is one of {string.Join(", ", States)}."));
        var limit = call.Number("limit", 50, 1, 500);
        var query = new LeadQuery(call.Workspace, state, call.KeyInQuery("pool"), call.KeyInQuery("campaign"), call.KeyInQuery("person"), call.KeyInQuery("cursor"), limit);
        LeadItem[] items = [.. (await call.Mesh.Journal.LeadsAsync(query, call.Cancel)).Select(LeadItem.Of)];
        await call.ReplyAsync(new Page<LeadItem>(items, items.Length == limit ? items[^1].Id : null));
    }
}
