using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 6: a board that follows commits shows what the journal holds. After a gap it begins anew, as a board that is filled from the journal does.</summary>
public sealed class BoardIsJournal : ILaw
{
    private readonly Dictionary<EntityId, CommittedTurn> board = [];
    private readonly Dictionary<EntityId, long> newest = [];
    private Dictionary<EntityId, long> filled = [];

    /// <inheritdoc/>
    public string Name => "board is journal";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        newest[turn.Entity] = turn.Version;
        return [];
    }

    /// <inheritdoc/>
    public IEnumerable<string> OnHeard(CommittedTurn turn)
    {
        // Two hosts tell in their own time; of one entity the newest counts, heard or read.
        if (turn.Version >= filled.GetValueOrDefault(turn.Entity) && (!board.TryGetValue(turn.Entity, out var shown) || shown.Version < turn.Version)) board[turn.Entity] = turn;
        return [];
    }

    /// <inheritdoc/>
    public void OnGap()
    {
        board.Clear();
        filled = new Dictionary<EntityId, long>(newest);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (id, shown) in board)
        {
            if (!picture.Live.TryGetValue(id, out var state)) yield return $"{id} is on the board and nowhere else";
            else if (!ReferenceEquals(state, shown.State) && Json(state) != Json(shown.State)) yield return $"{id} is shown at version {shown.Version}, which is not its newest";
        }
    }

    private static string Json(object state) => JsonSerializer.Serialize(state, state.GetType(), MeshJson.Options);
}
