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
            foreach (var row in page.Where(r => r.ChangedAt >= since))
            {
                var lead = new EntityId(workspace, EntityKind.Lead, row.LeadId);
                var state = (await mesh.ReadAsync<LeadState>(lead, cancel))?.State;
                await foreach (var fact in FactsAsync(lead, 0, since, state, isWanted, cancel)) yield return fact;
            }
            if (page.Count < PageMax) yield break;
            before = page[^1].LeadId;
        }
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
