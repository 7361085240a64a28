using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Setup;

/// <summary>A delivery slot to plan.</summary>
internal sealed record SlotBody(string? Pool, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt);

/// <summary>A delivery slot.</summary>
internal sealed record SlotReply(string Id, string Pool, DateTimeOffset StartsAt, DateTimeOffset EndsAt, SlotPhase State, string? Lead, DateTimeOffset? HeldUntil)
{
    public static SlotReply Of(string id, SlotState state) => new(id, state.Pool, state.StartsAt, state.EndsAt, state.Phase, state.LeadId, state.HeldUntil);
}

/// <summary>The delivery slots. The pool plans them, so that two never overlap.</summary>
internal sealed class SlotEndpoints : IEndpoints
{
    // A filter that few slots pass must not read the whole plan in one request.
    private const int ScannedMax = 2_000;

    public void Map(Routes routes)
    {
        routes.Put("/v1/slots/{id}", Access.Operator, "Plan a slot, or move it; always 200", PutAsync).Takes<SlotBody>().Gives<SlotReply>().Refuses(409, 422);
        routes.Get("/v1/slots/{id}", Access.Operator, "One slot", GetAsync).Gives<SlotReply>().Refuses(404);
        routes.Get("/v1/slots", Access.Operator, "List slots, by id", ListAsync).Asks("pool", "from", "to", "limit", "cursor").Gives<Page<SlotReply>>();
        routes.Post("/v1/slots/{id}/withdraw", Access.Operator, "Take a slot out of the plan", WithdrawAsync).Gives<SlotReply>().Refuses(404, 409, 422);
    }

    private static async Task PutAsync(ApiCall call)
    {
        var id = call.Key("id");
        var body = await call.BodyAsync<SlotBody>();
        var errors = new FieldErrors().RequireKey(body.Pool, "pool")
            .Require(body.StartsAt is not null, "startsAt", "required", "A slot starts at an instant.")
            .Require(body.EndsAt is not null, "endsAt", "required", "A slot ends at an instant.")
            .Require(body.EndsAt is null || body.StartsAt is null || body.EndsAt > body.StartsAt, "endsAt", "endsBeforeStart", "The slot ends before it starts.");
        if (!errors.None) throw new ProblemException(Problem.Invalid(errors.All));
        var present = await call.StateAsync<SlotState>(EntityKind.DeliverySlot, id);
        if (present is not (null or { Phase: SlotPhase.Unknown or SlotPhase.Withdrawn }) && present.Pool != body.Pool)
        {
            throw new ProblemException(Problem.Conflict("slotOfOtherPool", "The slot belongs to another pool; withdraw it there first."));
        }
        await call.AskAsync(call.Entity(EntityKind.Pool, body.Pool!), new PoolCommand.PlanSlot(id, body.StartsAt!.Value, body.EndsAt!.Value));
        await Settle.SlotAsync(call, id, body.Pool!);
        await ReplyWithAsync(call, id);
    }

    private static Task GetAsync(ApiCall call) => ReplyWithAsync(call, call.Key("id"));

    private static async Task ListAsync(ApiCall call)
    {
        var (limit, pool, from, to) = (call.Number("limit", 100, 1, 500), call.KeyInQuery("pool"), call.Instant("from"), call.Instant("to"));
        var (items, cursor, scanned) = (new List<SlotReply>(), call.KeyInQuery("cursor"), 0);
        while (items.Count < limit && scanned < ScannedMax)
        {
            var keys = await call.Mesh.Journal.KeysAsync(call.Workspace, EntityKind.DeliverySlot, cursor, limit, call.Cancel);
            foreach (var key in keys)
            {
                if (items.Count == limit) break;
                (cursor, scanned) = (key, scanned + 1);
                if (await call.StateAsync<SlotState>(EntityKind.DeliverySlot, key) is { } slot && Fits(slot, pool, from, to)) items.Add(SlotReply.Of(key, slot));
            }
            if (keys.Count < limit && (keys.Count == 0 || keys[^1] == cursor))
            {
                cursor = null;
                break;
            }
        }
        await call.ReplyAsync(new Page<SlotReply>(items, cursor));
    }

    private static bool Fits(SlotState slot, string? pool, DateTimeOffset? from, DateTimeOffset? to) =>
        slot.Phase is not SlotPhase.Unknown && (pool is null || slot.Pool == pool) && (from is null || slot.EndsAt > from) && (to is null || slot.StartsAt < to);

    private static async Task WithdrawAsync(ApiCall call)
    {
        var id = call.Key("id");
        await call.BodyOrNoneAsync<EmptyBody>();
        await call.AskAsync(call.Entity(EntityKind.DeliverySlot, id), new SlotCommand.Withdraw());
        await ReplyWithAsync(call, id);
    }

    private static async Task ReplyWithAsync(ApiCall call, string id)
    {
        var state = await call.StateAsync<SlotState>(EntityKind.DeliverySlot, id);
        if (state is null or { Phase: SlotPhase.Unknown }) throw new ProblemException(Problem.Rejected(SlotRejections.Unknown));
        await call.ReplyAsync(SlotReply.Of(id, state));
    }
}

/// <summary>A body that says nothing.</summary>
internal sealed record EmptyBody;
