using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Execution;

/// <summary>Why a lead is where it is, and what would change it.</summary>
internal sealed record WhyReply(string LeadId, LeadPhase State, string Code, string Text, int? Position, DateTimeOffset? ExpectedAt, IReadOnlyList<string> WouldChange);

/// <summary>Every waiting and every no has a reason.</summary>
internal sealed class WhyEndpoint : IEndpoints
{
    public void Map(Routes routes) =>
        routes.Get("/v1/leads/{id}/why", Access.Operator, "Why a lead waits or is assigned so, and what would change it", GetAsync).Gives<WhyReply>().Refuses(404);

    private static async Task GetAsync(ApiCall call)
    {
        var (lead, id) = await LeadView.ReadAsync(call);
        var live = lead.Phase switch
        {
            LeadPhase.Waitlisted => await AtGateAsync(call, id),
            LeadPhase.Queued => await InPoolAsync(call, id, lead.Pool!),
            _ => null,
        };
        var because = live?.Reason ?? lead.Because ?? new Reason("pending", "It was captured a moment ago; the gate has not spoken yet.");
        var expectedAt = live?.Expected ?? (lead.Phase is LeadPhase.Waitlisted or LeadPhase.Queued ? lead.ExpectedAt : null);
        await call.ReplyAsync(new WhyReply(id, lead.Phase, because.Code, because.Text, live?.Position, expectedAt, live?.WouldChange ?? ChangesOf(lead)));
    }

    private sealed record Live(Reason Reason, int? Position, DateTimeOffset? Expected, IReadOnlyList<string> WouldChange);

    private static async Task<Live?> AtGateAsync(ApiCall call, string id)
    {
        if (await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key) is not { } flow || GateWord.Explain(flow, id) is not { } told) return null;
        var expected = told.Position is { } position ? GateWord.ExpectedFromWaitlist(flow, position, call.Mesh.Now) : null;
        return new Live(told.Reason, told.Position, expected, told.WouldChange);
    }

    private static async Task<Live?> InPoolAsync(ApiCall call, string id, string pool) =>
        await call.StateAsync<PoolState>(EntityKind.Pool, pool) is { } state && PoolExplanation.Of(state, pool, id, call.Mesh.Now) is { } told
            ? new Live(told.Reason, told.Position, null, told.WouldChange)
            : null;

    private static string[] ChangesOf(LeadState lead) => lead.Phase switch
    {
        LeadPhase.Offered => [$"{lead.Person} accepts or declines.", "The offer ends and the lead is offered to somebody else.", "An operator assigns it."],
        LeadPhase.Working => [$"{lead.Person} completes the stage, or gives the work back.", "An operator assigns it to somebody else."],
        LeadPhase.Held => [$"The slot {lead.Slot} is booked, or its hold lapses."],
        LeadPhase.Booked => [$"Delivery begins in the slot {lead.Slot}."],
        LeadPhase.Started => ["The delivery is completed."],
        _ when lead.IsClosed => ["An operator reopens it."],
        _ => [],
    };
}
