using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Operations;

/// <summary>A command that its machine kept failing on.</summary>
/// <param name="Id">The effect.</param>
/// <param name="From">Whose turn made it.</param>
/// <param name="To">Who failed on it.</param>
/// <param name="Reason">The failure, for whoever looks into it.</param>
/// <param name="ParkedAt">When it was given up.</param>
internal sealed record ParkedReply(string Id, string From, string To, string Reason, DateTimeOffset ParkedAt);

/// <summary>Which one.</summary>
internal sealed record RetryBody(string? Id);

/// <summary>Commands that were given up, with their reason; each may be tried again once its cause is mended.</summary>
internal sealed class ParkedEndpoints : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/parked", Access.Admin, "Commands that a machine kept failing on, oldest first", ListAsync).Gives<IReadOnlyList<ParkedReply>>();
        routes.Post("/v1/parked/retry", Access.Admin, "Try a parked command again", RetryAsync).Takes<RetryBody>().Gives<ParkedReply>().Refuses(404);
    }

    private static async Task ListAsync(ApiCall call) =>
        await call.ReplyAsync<IReadOnlyList<ParkedReply>>([.. (await ParkedAsync(call)).Select(Of)]);

    private static async Task RetryAsync(ApiCall call)
    {
        var body = await call.BodyAsync<RetryBody>();
        new FieldErrors().Require(body.Id is { Length: > 0 and <= 300 }, "id", "required", "Name the parked command by its id.").ThrowIfAny();
        var parked = (await ParkedAsync(call)).Where(p => p.Effect.Id.ToString() == body.Id).Take(1).ToArray();
        if (parked.Length == 0 || await call.Mesh.Journal.UnparkAsync(body.Id!, call.Cancel) is not { } effect) throw new ProblemException(Problem.NotFound("parkedUnknown", "No such command is parked."));
        call.Mesh.TakeUp(effect);
        await call.ReplyAsync(Of(parked[0]));
    }

    private static async Task<IEnumerable<ParkedEffect>> ParkedAsync(ApiCall call) =>
        (await call.Mesh.Journal.ParkedAsync(Parking.LookMax, call.Cancel)).Where(p => p.Effect.Target.Workspace == call.Workspace);

    private static ParkedReply Of(ParkedEffect parked) =>
        new(parked.Effect.Id.ToString(), NameOf(parked.Effect.Id.Source), NameOf(parked.Effect.Target), parked.Reason, parked.ParkedAt);

    private static string NameOf(EntityId entity) => $"{EntityId.NameOf(entity.Kind)}/{entity.Key}";
}
