using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 5: re-queued, a lead keeps its place; and nobody is served before one who waits longer for the same people.</summary>
public sealed class PlaceKept : ILaw
{
    /// <inheritdoc/>
    public string Name => "place kept";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn) => turn switch
    {
        { Before: LeadState before, After: LeadState after } when !turn.Any<LeadEvent.StageEntered>() && !turn.Any<LeadEvent.Waitlisted>() =>
            before.Place == after.Place ? [] : [$"{turn.Entity.Key} lost its place"],
        { Before: PoolState before, After: PoolState after } => OnPool(turn, before, after),
        _ => [],
    };

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (pool, state) in picture.Pools)
        {
            foreach (var (id, waiting) in state.Waiting.ById)
            {
                if (picture.Leads.GetValueOrDefault(id)?.Place != waiting.Lead.Place) yield return $"{id} waits in {pool} at another place than its own";
            }
        }
    }

    private static IEnumerable<string> OnPool(TurnSeen turn, PoolState before, PoolState after)
    {
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case PoolEvent.LeadRequeued e when (before.Placed.GetValueOrDefault(e.LeadId) ?? before.Working.GetValueOrDefault(e.LeadId)) is { } placed:
                    var waits = after.Waiting.Find(e.LeadId) ?? (after.Placed.GetValueOrDefault(e.LeadId) is { } again ? new WaitingLead(again.Lead) : null);
                    if (waits?.Lead.Place != placed.Lead.Place) yield return $"{e.LeadId} was put back into {turn.Entity.Key} at another place";
                    break;
                case PoolEvent.LeadMatched e:
                    if (before.Waiting.Find(e.LeadId) is { } served && Overtaken(before, served, after) is { } first) yield return $"{e.LeadId} was served before {first}, who waits longer";
                    break;
            }
        }
    }

    private static string? Overtaken(PoolState pool, WaitingLead served, PoolState after)
    {
        foreach (var waiting in pool.Waiting.Lines[served.Lead.Line])
        {
            if (waiting >= served) return null;
            // One whom somebody let go may have to wait for that very person.
            if (waiting.Lead.LetGo.IsEmpty && after.Waiting.Find(waiting.Lead.LeadId) is not null) return waiting.Lead.LeadId;
        }
        return null;
    }
}
