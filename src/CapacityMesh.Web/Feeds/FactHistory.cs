using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Web.Feeds;

/// <summary>Facts that were committed while nobody followed: read from the journal, from a position on.</summary>
internal sealed class FactHistory(IMesh mesh)
{
    private const int PageMax = 500;
    // Leads read at once: whoever waits for what is new waits for this, and the store has others to serve.
    private const int AtOnceMax = 4;
    // Turns of different entities are decided a little before they are committed, and not in one order.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The instant from which leads are read for a position.</summary>
    public static DateTimeOffset Begin(FeedPosition position) => position.At - Margin;

    /// <summary>The facts since a position that somebody wants; those of the last minute before it, again.</summary>
    public async IAsyncEnumerable<CommittedFact> SinceAsync(
        string workspace, FeedPosition position, bool withLeads, Func<IEvent, bool> isWanted, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var flow = EntityId.Flow(workspace);
        if (await mesh.ReadAsync<FlowState>(flow, cancel) is { } now && now.Version > position.FlowVersion)
        {
            await foreach (var fact in FactsAsync(flow, position.FlowVersion, DateTimeOffset.MinValue, now.State, isWanted, cancel)) yield return fact;
        }
        if (!withLeads) yield break;
        var since = Begin(position);
        string? before = null;
        while (true)
        {
            var page = await mesh.Journal.LeadsAsync(new LeadQuery(workspace, BeforeLeadId: before, Limit: PageMax), cancel);
            foreach (var some in page.Where(r => r.ChangedAt >= since).Chunk(AtOnceMax))
            {
                var read = await Task.WhenAll(some.Select(row => LeadAsync(new EntityId(workspace, EntityKind.Lead, row.LeadId), since, isWanted, cancel)));
                foreach (var fact in read.SelectMany(facts => facts)) yield return fact;
            }
            if (page.Count < PageMax) yield break;
            before = page[^1].LeadId;
        }
    }

    // The state is what the whole history makes: one question to the store for each lead.
    private async Task<IEnumerable<CommittedFact>> LeadAsync(EntityId lead, DateTimeOffset since, Func<IEvent, bool> isWanted, CancellationToken cancel)
    {
        var machine = MachineType.Of(lead.Kind);
        var facts = new List<CommittedFact>();
        var (state, version, isMore) = (machine.Initial, 0L, true);
        while (isMore)
        {
            var page = await mesh.Journal.HistoryAsync(lead, version, PageMax, cancel);
            foreach (var turn in page.SelectMany(p => TurnCodec.Decode(machine, p)))
            {
                for (var i = 0; i < turn.Events.Count; i++)
                {
                    state = machine.Evolve(state, turn.Events[i], turn.At);
                    if (turn.At >= since && isWanted(turn.Events[i])) facts.Add(new CommittedFact(lead, turn.Version, i, turn.At, turn.Events[i], null));
                }
            }
            isMore = page.Count == PageMax;
            if (isMore) version = page[^1].Version;
        }
        return facts.Select(fact => fact with { State = state });
    }

    private async IAsyncEnumerable<CommittedFact> FactsAsync(
        EntityId entity, long after, DateTimeOffset since, object? state, Func<IEvent, bool> isWanted, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var machine = MachineType.Of(entity.Kind);
        while (true)
        {
            var page = await mesh.Journal.HistoryAsync(entity, after, PageMax, cancel);
            if (page.Count == 0) yield break;
            foreach (var turn in page.SelectMany(p => TurnCodec.Decode(machine, p)).Where(t => t.At >= since))
            {
                for (var i = 0; i < turn.Events.Count; i++)
                {
                    if (isWanted(turn.Events[i])) yield return new CommittedFact(entity, turn.Version, i, turn.At, turn.Events[i], state);
                }
            }
            after = page[^1].Version;
        }
    }
}
