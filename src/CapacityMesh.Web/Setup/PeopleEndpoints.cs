using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>The salespeople. Their names stand in a document beside the turns, never in an event.</summary>
internal sealed class PeopleEndpoints : IEndpoints
{
    /// <summary>Kind of their documents.</summary>
    public const string Kind = "person";

    public void Map(Routes routes)
    {
        routes.Put("/v1/people/{id}", Access.Operator, "Describe a person; always 200", PutAsync).Takes<PersonBody>().Gives<PersonReply>().Refuses(422);
        routes.Get("/v1/people/{id}", Access.Operator, "One person", GetAsync).Gives<PersonReply>().Refuses(404);
        routes.Get("/v1/people", Access.Operator, "List people, by id", ListAsync).Asks("limit", "cursor").Gives<Page<PersonReply>>();
        routes.Delete("/v1/people/{id}", Access.Operator, "A person leaves; open work goes back to the queues", RemoveAsync).GivesNothing().Refuses(404);
        routes.Post("/v1/people/{id}/status", Access.Operator, "How present a person is", SetStatusAsync).Takes<StatusBody>().Gives<PersonReply>().Refuses(404, 409, 422);
    }

    private static async Task PutAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<PersonBody>();
        var profile = body.ToProfile(call.Mesh.World);
        await RequirePoolsAsync(call, profile);
        await call.AskAsync(call.Entity(EntityKind.Salesperson, id), new SalespersonCommand.Configure(profile), Documents.Row(Documents.Key(call.Workspace, Kind, id), body));
        await Settle.PersonAsync(call, id, profile.Pools);
        await ReplyWithAsync(call, id);
    }

    private static async Task RequirePoolsAsync(ApiCall call, SalespersonProfile profile)
    {
        // Before the first process anything goes: people may be described first.
        if (await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key) is not { Process.Version: > 0 } flow) return;
        var errors = new FieldErrors();
        for (var i = 0; i < profile.Pools.Length; i++)
        {
            var pool = flow.Process.Pools.FirstOrDefault(p => p.Id == profile.Pools[i]);
            errors.Require(pool is not null, $"pools[{i}]", "unknownPool", "The process names no such pool.")
                .Require(pool is not { Kind: PoolKind.Slots }, $"pools[{i}]", "poolOfSlots", "This pool is served by slots, not by people.");
        }
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
    }

    private static Task GetAsync(ApiCall call) => ReplyWithAsync(call, call.Key("id"));

    private static async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 100, 1, 500);
        var page = await call.Mesh.Journal.Rows.ListAsync<PersonBody>(call.Workspace, RowTables.Documents, $"{Kind}:", call.KeyInQuery("cursor"), limit, call.Cancel);
        var items = new List<PersonReply>(page.Count);
        foreach (var (id, body) in page)
        {
            if (await call.StateAsync<SalespersonState>(EntityKind.Salesperson, id) is { Phase: SalespersonPhase.Active } state) items.Add(PersonReply.Of(id, body, state, call.Mesh.Now));
        }
        await call.ReplyAsync(new Page<PersonReply>(items, page.Count == limit ? page[^1].Key : null));
    }

    private static async Task RemoveAsync(ApiCall call)
    {
        var id = call.Key("id");
        await call.AskAsync(call.Entity(EntityKind.Salesperson, id), new SalespersonCommand.Remove(), new RowChange(Documents.Key(call.Workspace, Kind, id), null));
        await call.ReplyEmptyAsync();
    }

    private static async Task SetStatusAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<StatusBody>();
        if (body.Status is not { } status) throw new ProblemException(Problem.Invalid("status", "required", "A status is available, away or offline."));
        await call.AskAsync(call.Entity(EntityKind.Salesperson, id), new SalespersonCommand.SetStatus(status));
        await ReplyWithAsync(call, id);
    }

    private static async Task ReplyWithAsync(ApiCall call, string id)
    {
        var state = await call.StateAsync<SalespersonState>(EntityKind.Salesperson, id);
        if (state is not { Phase: SalespersonPhase.Active }) throw new ProblemException(Problem.Rejected(SalespersonRejections.Unknown));
        var body = await call.Mesh.Journal.Rows.ReadAsync<PersonBody>(Documents.Key(call.Workspace, Kind, id), call.Cancel);
        await call.ReplyAsync(PersonReply.Of(id, body ?? new PersonBody(id, null, null, null, null, null, null), state, call.Mesh.Now));
    }
}
