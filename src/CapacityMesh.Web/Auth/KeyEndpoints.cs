using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Auth;

/// <summary>A key to make.</summary>
internal sealed record KeyBody(Role? Role, string? Note, DateTimeOffset? Expires);

/// <summary>A key, shown this once.</summary>
internal sealed record NewKeyReply(string Id, string Key, Role Role, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? Expires);

/// <summary>A key, without the key.</summary>
internal sealed record KeyReply(string Id, Role Role, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? Expires);

/// <summary>Keys of a workspace: made, listed, withdrawn.</summary>
internal sealed class KeyEndpoints(KeyRing keys, KeyMaker maker) : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Post("/v1/keys", Access.Admin, "Make a key; it is shown this once", MakeAsync).Takes<KeyBody>().Gives<NewKeyReply>(StatusCodes.Status201Created).Refuses(422);
        routes.Get("/v1/keys", Access.Admin, "List keys, without the keys themselves", ListAsync).Asks("limit", "cursor").Gives<Page<KeyReply>>();
        routes.Delete("/v1/keys/{id}", Access.Admin, "Withdraw a key", RemoveAsync).GivesNothing().Refuses(404);
    }

    private async Task MakeAsync(ApiCall call)
    {
        var body = await call.BodyAsync<KeyBody>();
        var errors = new FieldErrors()
            .Require(body.Role is not null, "role", "required", "A key has a role: capture, spend, operator or admin.")
            .Require(body.Note is not { Length: > Limits.NameLengthMax }, "note", "tooLong", "A note has at most 200 characters.")
            .Require(body.Expires is not { } end || end > call.Mesh.Now, "expires", "inThePast", "The key would have expired already.");
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
        var (record, key) = await maker.MakeAsync(call.Workspace, body.Role!.Value, body.Note, body.Expires, call.IdempotencyKey, call.BodyHash, call.Cancel);
        call.Http.Response.Headers.Location = $"/v1/keys/{record.Id}";
        await call.ReplyAsync(new NewKeyReply(record.Id, key, record.Role, record.Note, record.CreatedAt, record.Expires), StatusCodes.Status201Created);
    }

    private async Task ListAsync(ApiCall call)
    {
        var limit = call.Number("limit", 50, 1, 500);
        var page = await keys.ListAsync(call.Workspace, call.KeyInQuery("cursor"), limit, call.Cancel);
        KeyReply[] items = [.. page.Select(k => new KeyReply(k.Value.Id, k.Value.Role, k.Value.Note, k.Value.CreatedAt, k.Value.Expires))];
        await call.ReplyAsync(new Page<KeyReply>(items, items.Length == limit ? items[^1].Id : null));
    }

    private async Task RemoveAsync(ApiCall call)
    {
        if (!await keys.RemoveAsync(call.Workspace, call.Key("id"), call.Cancel)) throw new ProblemException(Problem.NotFound("keyUnknown", "There is no such key."));
        await call.ReplyEmptyAsync();
    }
}
