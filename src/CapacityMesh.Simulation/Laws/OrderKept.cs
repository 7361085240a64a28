using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 2: what one entity sends to another has its turns in the order in which it was sent. Reports are an order of their own: the newest of
/// a pair is the last.
/// </summary>
public sealed class OrderKept : ILaw
{
    private readonly Dictionary<(EntityId Source, EntityId Target, bool IsReport), (long Version, int Ordinal)> last = [];

    /// <inheritdoc/>
    public string Name => "order kept";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn.Cause is not Cause.Effect { Id: var id }) yield break;
        // Reports are delivered once per batch, apart from everything else; among themselves the newest is the last.
        var pair = (id.Source, turn.Entity, IsReport(turn.Command));
        var here = (id.Version, id.Ordinal);
        if (last.TryGetValue(pair, out var before) && before.CompareTo(here) > 0) yield return $"{id} had its turn at {turn.Entity} after {id.Source}@{before.Version}.{before.Ordinal}";
        last[pair] = here;
    }

    private static bool IsReport(ICommand command) =>
        command is Core.Routing.PoolCommand.MemberReported or Core.Routing.PoolCommand.MemberLeft or Core.Routing.PoolCommand.SlotReported or Core.Routing.FlowCommand.PoolReported or Core.Routing.FlowCommand.CampaignReported;
}
