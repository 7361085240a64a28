using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Http;

namespace CapacityMesh.Web.Setup;

/// <summary>
/// Waits, for a moment, until what was set up has reached those who act on it: a script that sets up a business and sends a lead in the next
/// line then gets the answer that it expects. Nothing depends on it.
/// </summary>
internal static class Settle
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(1);

    /// <summary>Until every pool of the published process knows what it is.</summary>
    public static Task PoolsAsync(ApiCall call, Process process) => UntilAsync(call, async () =>
    {
        foreach (var pool in process.Pools)
        {
            if (await call.StateAsync<PoolState>(EntityKind.Pool, pool.Id) is not { Phase: PoolPhase.Active } state || state.Kind != pool.Kind) return false;
        }
        return true;
    });

    /// <summary>Until the pools know the person, and Flow the pools.</summary>
    public static Task PersonAsync(ApiCall call, string person, IReadOnlyList<string> pools) => UntilAsync(call, async () =>
    {
        foreach (var pool in pools)
        {
            var state = await call.StateAsync<PoolState>(EntityKind.Pool, pool);
            if (state is null || !state.Members.ContainsKey(person) || !await FlowKnowsAsync(call, pool, state.Members.Count)) return false;
        }
        return true;
    });

    /// <summary>Until the pool knows the slot, and Flow the pool.</summary>
    public static Task SlotAsync(ApiCall call, string slot, string pool) => UntilAsync(call, async () =>
        await call.StateAsync<PoolState>(EntityKind.Pool, pool) is { } state
        && state.Slots.TryGetValue(slot, out var report) && report.Phase is not Core.Execution.SlotPhase.Unknown
        && await FlowKnowsAsync(call, pool, state.Slots.Count));

    /// <summary>Until Flow knows the campaign.</summary>
    public static Task CampaignAsync(ApiCall call, string campaign) => UntilAsync(call, async () =>
        await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key) is { } flow && flow.Campaigns.ContainsKey(campaign));

    private static async Task<bool> FlowKnowsAsync(ApiCall call, string pool, int people)
    {
        var flow = await call.StateAsync<FlowState>(EntityKind.Flow, call.Flow.Key);
        // A pool that no process names is none of Flow's business yet.
        return flow is null || flow.Process.Pools.All(p => p.Id != pool) || flow.Pools.GetValueOrDefault(pool)?.People == people;
    }

    private static async Task UntilAsync(ApiCall call, Func<Task<bool>> holds)
    {
        using var turns = new SemaphoreSlim(0, 1);
        using var follow = call.Mesh.Follow(_ =>
        {
            try
            {
                if (turns.CurrentCount == 0) turns.Release();
            }
            catch (Exception late) when (late is SemaphoreFullException or ObjectDisposedException)
            {
                // Two commits at once, or one after the last look: one wake-up is enough.
            }
        }, wants: entity => entity.Workspace == call.Workspace);
        var since = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            var left = AtMost - TimeProvider.System.GetElapsedTime(since);
            if (left <= TimeSpan.Zero || !await turns.WaitAsync(left, call.Cancel)) return;
        }
    }
}
