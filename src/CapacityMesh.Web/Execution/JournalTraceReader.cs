using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Web.Execution;

/// <summary>Reads histories from the journal that the mesh stands on.</summary>
internal sealed class JournalTraceReader(IMesh mesh) : ITraceReader
{
    // A lead that is offered every five minutes for a month makes this many turns; what comes after is in the journal all the same.
    private const int FactsMax = 20_000;
    private const int PageMax = 500;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<(DateTimeOffset At, IEvent Fact)>> ReadAsync(EntityId entity, CancellationToken cancel)
    {
        var facts = new List<(DateTimeOffset, IEvent)>();
        var machine = MachineType.Of(entity.Kind);
        var after = 0L;
        while (facts.Count < FactsMax)
        {
            var page = await mesh.Journal.HistoryAsync(entity, after, PageMax, cancel);
            if (page.Count == 0) break;
            foreach (var turn in page.SelectMany(p => TurnCodec.Decode(machine, p))) facts.AddRange(turn.Events.Select(e => (turn.At, e)));
            after = page[^1].Version;
        }
        return facts;
    }
}
