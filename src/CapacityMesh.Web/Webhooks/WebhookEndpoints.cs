using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Webhooks;

/// <summary>A webhook to describe. Without a secret, one is made, or the one that is set stays.</summary>
internal sealed record WebhookBody(string? Url, IReadOnlyList<string>? Events, string? Secret);

/// <summary>A webhook; its secret only in the answer that made it.</summary>
internal sealed record WebhookReply(string Id, string Url, IReadOnlyList<string> Events, string? Secret, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt)
{
    public static WebhookReply Of(WebhookRecord record, string? secret) => new(record.Id, record.Url, record.Events, secret, record.CreatedAt, record.ChangedAt);
}

/// <summary>Who is told of what happens.</summary>
internal sealed class WebhookEndpoints(WebhookBook book, WebhookCourier courier, CalloutRules rules) : IEndpoints
{
    private const int EventsMax = 50;

    /// <summary>No webhook of that id.</summary>
    public static Problem Unknown { get; } = Problem.NotFound("webhookUnknown", "There is no such webhook.");

    public void Map(Routes routes)
    {
        routes.Put("/v1/webhooks/{id}", Access.Operator, "Describe a webhook; a secret made for it is shown this once", PutAsync).Takes<WebhookBody>().Gives<WebhookReply>().Refuses(409);
        routes.Get("/v1/webhooks/{id}", Access.Operator, "One webhook, without its secret", GetAsync).Gives<WebhookReply>().Refuses(404);
        routes.Get("/v1/webhooks", Access.Operator, "All webhooks, by id", ListAsync).Gives<Page<WebhookReply>>();
        routes.Delete("/v1/webhooks/{id}", Access.Operator, "Remove a webhook and what waits for it", RemoveAsync).GivesNothing().Refuses(404);
    }

    private async Task PutAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<WebhookBody>();
        var errors = new FieldErrors()
            .Require(rules.IsUrl(body.Url), "url", "invalidUrl", "A url is an https address without user and fragment, of at most 2,000 characters.")
            .Require(body.Events is { Count: > 0 and <= EventsMax } && body.Events.All(e => e is not null && WebhookWords.IsKnown(e)), "events", "unknownEvent", "Events are spend.changed, constraint.moved, promise.broken, lead.* and the events of leads, such as lead.won.")
            .Require(body.Secret is null || WebhookSignature.KeyOf(body.Secret) is not null, "secret", "invalidSecret", "A secret is whsec_ and 24 to 64 bytes in base64.");
        errors.ThrowIfAny();
        await book.LoadAsync(call.Workspace, call.Cancel);
        var before = book.Find(call.Workspace, id);
        var made = body.Secret is null && before is null ? WebhookSignature.NewSecret() : null;
        var record = new WebhookRecord(id, body.Url!, [.. body.Events!.Distinct(StringComparer.Ordinal)], before?.Secret ?? "", before?.CreatedAt ?? call.Mesh.Now, call.Mesh.Now);
        if (!await book.PutAsync(call.Workspace, record, body.Secret ?? made, call.Cancel))
        {
            throw new ProblemException(Problem.Conflict("tooManyWebhooks", $"A workspace has at most {WebhookBook.WebhooksMax} webhooks."));
        }
        courier.Begin(call.Workspace, id);
        await call.ReplyAsync(WebhookReply.Of(record, made));
    }

    private async Task GetAsync(ApiCall call)
    {
        await book.LoadAsync(call.Workspace, call.Cancel);
        await call.ReplyAsync(WebhookReply.Of(book.Find(call.Workspace, call.Key("id")) ?? throw new ProblemException(Unknown), secret: null));
    }

    private async Task ListAsync(ApiCall call)
    {
        await book.LoadAsync(call.Workspace, call.Cancel);
        await call.ReplyAsync(new Page<WebhookReply>([.. book.Of(call.Workspace).Select(w => WebhookReply.Of(w, secret: null))], Cursor: null));
    }

    private async Task RemoveAsync(ApiCall call)
    {
        var id = call.Key("id");
        await book.LoadAsync(call.Workspace, call.Cancel);
        if (!await book.RemoveAsync(call.Workspace, id, call.Cancel)) throw new ProblemException(Unknown);
        courier.End(call.Workspace, id);
        await call.ReplyEmptyAsync();
    }
}
