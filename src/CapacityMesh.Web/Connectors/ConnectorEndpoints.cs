using System.Security.Cryptography;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Connectors;

/// <summary>The connectors of a workspace: where platforms may call, and what we call them with.</summary>
internal sealed class ConnectorEndpoints(ConnectorBook book, CalloutRules rules, WorkspaceSecrets secrets) : IEndpoints
{
    private const int IdBytes = 20;

    public void Map(Routes routes)
    {
        routes.Post("/v1/connectors", Access.Operator, "Make a connector under an id that nobody guesses", MakeAsync).Takes<ConnectorBody>().Gives<ConnectorReply>(StatusCodes.Status201Created);
        routes.Put("/v1/connectors/{id}", Access.Operator, "Describe a connector; a secret left out stays", PutAsync).Takes<ConnectorBody>().Gives<ConnectorReply>().Refuses(409);
        routes.Get("/v1/connectors/{id}", Access.Operator, "One connector; of its secrets only which are set", GetAsync).Gives<ConnectorReply>().Refuses(404);
        routes.Get("/v1/connectors", Access.Operator, "List connectors, by id", ListAsync).Asks("limit", "cursor").Gives<Page<ConnectorReply>>();
        routes.Delete("/v1/connectors/{id}", Access.Operator, "Remove a connector; its address answers 404 from now on", RemoveAsync).GivesNothing().Refuses(404);
    }

    private async Task MakeAsync(ApiCall call)
    {
        var body = await call.BodyAsync<ConnectorBody>();
        body.Check(rules);
        // Under an idempotency key the id is derived, so that a repeat finds the connector of the first time.
        var seed = call.IdempotencyKey is { } key
            ? (await secrets.DeriveAsync(call.Workspace, "connectorId", $"{key}:{call.BodyHash}", call.Cancel)).AsSpan(0, IdBytes).ToArray()
            : RandomNumberGenerator.GetBytes(IdBytes);
        var record = await book.PutAsync(call.Workspace, Convert.ToHexStringLower(seed), body, call.Cancel);
        call.Http.Response.Headers.Location = $"/v1/connectors/{record.Id}";
        await call.ReplyAsync(ConnectorReply.Of(record), StatusCodes.Status201Created);
    }

    private async Task PutAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<ConnectorBody>();
        body.Check(rules);
        await call.ReplyAsync(ConnectorReply.Of(await book.PutAsync(call.Workspace, id, body, call.Cancel)));
    }

    private async Task GetAsync(ApiCall call)
    {
        var record = await book.ReadAsync(call.Workspace, call.Key("id"), call.Cancel) ?? throw new ProblemException(Unknown);
        await call.ReplyAsync(ConnectorReply.Of(record));
    }

    private async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 50, 1, 500);
        ConnectorReply[] items = [.. (await book.ListAsync(call.Workspace, call.KeyInQuery("cursor"), limit, call.Cancel)).Select(c => ConnectorReply.Of(c.Value))];
        await call.ReplyAsync(new Page<ConnectorReply>(items, items.Length == limit ? items[^1].Id : null));
    }

    private async Task RemoveAsync(ApiCall call)
    {
        if (!await book.RemoveAsync(call.Workspace, call.Key("id"), call.Cancel)) throw new ProblemException(Unknown);
        await call.ReplyEmptyAsync();
    }

    /// <summary>No connector of that id; not told apart from one of another workspace or platform.</summary>
    public static Problem Unknown { get; } = Problem.NotFound("connectorUnknown", "There is no such connector.");
}
