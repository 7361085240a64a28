using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Execution;

/// <summary>Where a lead that waits stands at this moment, as those see it who make it wait: the gate, or the pool.</summary>
/// <param name="Reason">Why it waits.</param>
/// <param name="Position">Its place in line, from 1.</param>
/// <param name="ExpectedAt">When it may expect to be let in, or to be taken; null when nothing is known.</param>
/// <param name="WouldChange">What would get it served.</param>
internal sealed record LeadStanding(Reason Reason, int? Position, DateTimeOffset? ExpectedAt, IReadOnlyList<string> WouldChange)
{
    /// <summary>Asks them; null when the lead waits in no line.</summary>
    public static async Task<LeadStanding?> OfAsync(ApiCall call, LeadState lead, string id)
    {
        if (lead.Phase is not (LeadPhase.Waitlisted or LeadPhase.Queued)) return null;
        if (await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key) is not { } flow) return null;
        return lead.Phase is LeadPhase.Waitlisted ? AtGate(flow, id, call.Mesh.Now) : await InPoolAsync(call, flow, lead, id);
    }

    private static LeadStanding? AtGate(FlowState flow, string id, DateTimeOffset now)
    {
        if (GateWord.Explain(flow, id) is not { } told) return null;
        var expected = told.Position is { } position ? GateWord.ExpectedFromWaitlist(flow, position, now) : null;
        return new LeadStanding(told.Reason, told.Position, expected, told.WouldChange);
    }

    private static async Task<LeadStanding?> InPoolAsync(ApiCall call, FlowState flow, LeadState lead, string id)
    {
        if (await call.StateAsync<PoolState>(EntityKind.Pool, lead.Pool!) is not { } pool || PoolExplanation.Of(pool, lead.Pool!, id, call.Mesh.Now) is not { } told) return null;
        var stage = flow.Process.Stages.FirstOrDefault(s => s.Id == lead.Stage);
        var expected = told.Position is { } position && stage is not null ? GateWord.ExpectedFromQueue(flow, stage, position, call.Mesh.Now) : null;
        return new LeadStanding(told.Reason, told.Position, expected, told.WouldChange);
    }
}
