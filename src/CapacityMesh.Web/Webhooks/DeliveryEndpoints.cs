using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Webhooks;

/// <summary>A message and what became of it.</summary>
internal sealed record DeliveryReply(
    string Id, string MessageId, string Type, DeliveryState State, int Attempts, DateTimeOffset? NextAttemptAt, int? LastStatus, string? LastFault, DateTimeOffset? FinishedAt, RawJson Payload)
{
    public static DeliveryReply Of(DeliveryRecord delivery) => new(
        delivery.Id, delivery.MessageId, delivery.Type, delivery.State, delivery.Attempts, delivery.State is DeliveryState.Pending ? delivery.Due : null,
        delivery.LastStatus, delivery.LastFault, delivery.FinishedAt, new RawJson(System.Text.Encoding.UTF8.GetBytes(delivery.Payload)));
}

/// <summary>Messages of a webhook: waiting, delivered, and dead letters, which can be sent again.</summary>
internal sealed class DeliveryEndpoints(WebhookBook book, WebhookCourier courier, TimeProvider time) : IEndpoints
{
    private const int ScanMax = 5_000;

    public void Map(Routes routes)
    {
        routes.Get("/v1/webhooks/{id}/deliveries", Access.Operator, "Messages of a webhook, oldest first; state is pending, delivered or dead", ListAsync).Asks("state", "limit", "cursor").Gives<Page<DeliveryReply>>().Refuses(404);
        routes.Post("/v1/webhooks/{id}/deliveries/{delivery}/resend", Access.Operator, "Send a message again, under its own id", ResendAsync).Gives<DeliveryReply>().Refuses(404);
    }

    private async Task ListAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var limit = call.Number("limit", 100, 1, 500);
        DeliveryState? state = null;
        if (call.Text("state") is { } text)
        {
            state = Enum.GetValues<DeliveryState>().Cast<DeliveryState?>().FirstOrDefault(s => Wire.NameOf(s!.Value) == text)
                ?? throw new ProblemException(Problem.Invalid("state", "unknownState", "A state is pending, delivered or dead."));
        }
        var items = new List<DeliveryReply>();
        RowKey? after = call.KeyInQuery("cursor") is { } cursor ? WebhookCourier.RowOf(call.Workspace, id, cursor) : null;
        var isMore = true;
        for (var scanned = 0; isMore && items.Count < limit && scanned < ScanMax; scanned += limit)
        {
            var page = await call.Mesh.Journal.Rows.ListAsync(call.Workspace, RowTables.Deliveries, id, after, limit, call.Cancel);
            isMore = page.Count == limit;
            foreach (var row in page)
            {
                after = row.Key;
                var delivery = System.Text.Json.JsonSerializer.Deserialize<DeliveryRecord>(row.Value.Span, Wire.Options)!;
                if (state is null || delivery.State == state) items.Add(DeliveryReply.Of(delivery));
                if (items.Count < limit) continue;
                isMore = true;
                break;
            }
        }
        await call.ReplyAsync(new Page<DeliveryReply>(items, isMore ? after?.Item : null));
    }

    private async Task ResendAsync(ApiCall call)
    {
        var id = await RequireAsync(call);
        var key = WebhookCourier.RowOf(call.Workspace, id, call.Key("delivery"));
        var delivery = await call.Mesh.Journal.Rows.ReadAsync<DeliveryRecord>(key, call.Cancel) ?? throw new ProblemException(Problem.NotFound("deliveryUnknown", "There is no such delivery."));
        if (delivery.State is not DeliveryState.Pending)
        {
            var now = time.GetUtcNow();
            delivery = delivery with { State = DeliveryState.Pending, Since = now, Due = now, Attempts = 0, FinishedAt = null };
            await call.Mesh.Journal.Rows.ApplyAsync([Documents.Row(key, delivery)], call.Cancel);
            courier.Offer(call.Workspace, id, delivery, again: true);
        }
        await call.ReplyAsync(DeliveryReply.Of(delivery));
    }

    private async ValueTask<string> RequireAsync(ApiCall call)
    {
        var id = call.Key("id");
        await book.LoadAsync(call.Workspace, call.Cancel);
        return book.Find(call.Workspace, id) is not null ? id : throw new ProblemException(WebhookEndpoints.Unknown);
    }
}
