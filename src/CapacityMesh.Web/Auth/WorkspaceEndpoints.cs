using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Auth;

/// <summary>A workspace to make.</summary>
internal sealed record WorkspaceBody(string? Id, string? Name, string? PhoneCountry);

/// <summary>A workspace, and its first key, shown this once.</summary>
internal sealed record NewWorkspaceReply(string Id, string Name, string Key, string KeyId, DateTimeOffset CreatedAt);

/// <summary>Workspaces, made by an admin of the first one.</summary>
internal sealed class WorkspaceEndpoints(Workspaces workspaces, KeyMaker maker, WorkspaceSecrets secrets) : IEndpoints, IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public void Map(Routes routes)
    {
        routes.Post("/v1/workspaces", Access.Admin, "Make a workspace with an admin key of its own, shown this once", MakeAsync)
            .Takes<WorkspaceBody>().Gives<NewWorkspaceReply>(StatusCodes.Status201Created).Refuses(409, 422);
        routes.Get("/v1/workspaces", Access.Admin, "List workspaces", ListAsync).Asks("limit", "cursor").Gives<Page<WorkspaceRecord>>();
    }

    public void Dispose() => turn.Dispose();

    private async Task MakeAsync(ApiCall call)
    {
        RequireFirst(call);
        var body = await call.BodyAsync<WorkspaceBody>();
        var errors = new FieldErrors().RequireKey(body.Id, "id").RequireName(body.Name ?? body.Id, "name")
            .Require(body.PhoneCountry is null || (body.PhoneCountry.Length is >= 1 and <= 3 && body.PhoneCountry.All(char.IsAsciiDigit)), "phoneCountry", "invalidCountry", "A country code has 1 to 3 digits.");
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
        await turn.WaitAsync(call.Cancel);
        try
        {
            await ReplyWithNewAsync(call, body);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ReplyWithNewAsync(ApiCall call, WorkspaceBody body)
    {
        var id = body.Id!;
        await NoteRequestAsync(call);
        var existing = await workspaces.FindAsync(id, call.Cancel);
        if (existing is not null && call.IdempotencyKey is null) throw new ProblemException(Problem.Conflict("workspaceExists", "There is a workspace of this id."));
        if (existing is null) await secrets.OfAsync(id, call.Cancel);
        // The key first: a workspace is there for good only with a key that opens it.
        var (record, key) = await maker.MakeAsync(id, Role.Admin, "first admin key", null, call.IdempotencyKey is { } repeat ? $"workspace:{repeat}" : null, call.BodyHash, call.Cancel);
        if (existing is not null && record.CreatedAt > existing.CreatedAt) throw new ProblemException(await UndoAsync(call, id, record.Id));
        var workspace = existing ?? new WorkspaceRecord(id, body.Name ?? id, body.PhoneCountry, call.Mesh.Now);
        if (existing is null) await workspaces.AddAsync(workspace, call.Cancel);
        await call.ReplyAsync(new NewWorkspaceReply(id, workspace.Name ?? id, key, record.Id, workspace.CreatedAt), StatusCodes.Status201Created);
    }

    // The key that a repeat shows lives in the new workspace; that another body came under the same key is seen here.
    private static async ValueTask NoteRequestAsync(ApiCall call)
    {
        if (call.IdempotencyKey is not { } repeat) return;
        var row = new RowKey(KeyRing.Directory, "workspaceRequests", KeyRing.HashOf(repeat));
        var rows = call.Mesh.Journal.Rows;
        if (await rows.ReadAsync<string>(row, call.Cancel) is not { } before) await rows.ApplyAsync([Documents.Row(row, call.BodyHash)], call.Cancel);
        else if (before != call.BodyHash) throw new ProblemException(Problem.KeyReused());
    }

    // Another request had made the workspace: the key that this one made for it must not live.
    private async ValueTask<Problem> UndoAsync(ApiCall call, string workspace, string keyId)
    {
        await maker.UnmakeAsync(workspace, keyId, call.Cancel);
        return Problem.Conflict("workspaceExists", "There is a workspace of this id.");
    }

    private async Task ListAsync(ApiCall call)
    {
        RequireFirst(call);
        var limit = call.Number("limit", 50, 1, 500);
        WorkspaceRecord[] items = [.. (await workspaces.ListAsync(call.KeyInQuery("cursor"), limit, call.Cancel)).Select(w => w.Value)];
        await call.ReplyAsync(new Page<WorkspaceRecord>(items, items.Length == limit ? items[^1].Id : null));
    }

    private static void RequireFirst(ApiCall call)
    {
        if (call.Workspace != KeyRing.Directory) throw new ProblemException(Problem.Forbidden("notDefaultWorkspace", "Workspaces are made with an admin key of the workspace default."));
    }
}
