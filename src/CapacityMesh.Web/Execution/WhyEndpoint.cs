using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
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
        var standing = await LeadStanding.OfAsync(call, lead, id);
        var because = standing?.Reason ?? lead.Because ?? new Reason("pending", "It was captured a moment ago; the gate has not spoken yet.");
        await call.ReplyAsync(new WhyReply(id, lead.Phase, because.Code, because.Text, standing?.Position, standing?.ExpectedAt, standing?.WouldChange ?? ChangesOf(lead)));
    }

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
