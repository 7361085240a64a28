using System.Text;

namespace CapacityMesh.Core.Kernel;

/// <summary>
/// The table of a machine's legal moves, in the order of a life: the authority for tests and for the diagrams under docs/machines.
/// </summary>
public sealed class Lifecycle<TPhase>(params (TPhase From, string Event, TPhase To)[] moves)
    where TPhase : struct, Enum
{
    /// <summary>The moves, in the order they were written.</summary>
    public IReadOnlyList<(TPhase From, string Event, TPhase To)> Moves { get; } = moves;

    /// <summary>Whether the event may lead from one phase to the other.</summary>
    public bool Allows(TPhase from, string fact, TPhase to)
    {
        foreach (var move in Moves)
        {
            if (move.Event == fact && move.From.Equals(from) && move.To.Equals(to)) return true;
        }
        return false;
    }

    /// <summary>A state diagram in Mermaid's notation; moves between the same phases share one arrow.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        text.Append("    [*] --> ").Append(default(TPhase)).Append('\n');
        foreach (var arrow in Moves.GroupBy(m => (m.From, m.To)))
        {
            text.Append("    ").Append(arrow.Key.From).Append(" --> ").Append(arrow.Key.To).Append(": ")
                .AppendJoin(", ", arrow.Select(m => m.Event).Distinct()).Append('\n');
        }
        foreach (var end in Enum.GetValues<TPhase>().Where(p => Moves.Any(m => m.To.Equals(p)) && !Moves.Any(m => m.From.Equals(p) && !m.To.Equals(p))))
        {
            text.Append("    ").Append(end).Append(" --> [*]\n");
        }
        return text.ToString();
    }
}
