using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>A workspace has more open leads than a picture holds.</summary>
public sealed class PictureTooLargeException(int leads) : Exception($"The workspace has {leads} open leads; a picture holds {PictureTaker.LeadsMax}.");

/// <summary>
/// Takes the picture of a live workspace by reading; the workspace hears nothing of it. Leads only move forward, so the gate is read first and the pools
/// in the order of the process: a lead that moves meanwhile is seen twice, never missed, and its own state, read last, says where it is.
/// </summary>
public static class PictureTaker
{
    /// <summary>Open leads of a picture: what eight weeks of them can be run through in a few seconds.</summary>
    public const int LeadsMax = 5_000;

    // Reads under way at once: enough to hide a disk, few enough to leave the mesh to its work.
    private const int ReadsAtOnce = 32;

    /// <summary>The picture; null when the workspace has no process yet.</summary>
    /// <exception cref="PictureTooLargeException">More than <see cref="LeadsMax"/> leads are open.</exception>
    public static async Task<Picture?> TakeAsync(IStates states, string workspace, DateTimeOffset now, CancellationToken cancel)
    {
        var flow = await states.ReadAsync<FlowState>(EntityId.Flow(workspace), cancel).ConfigureAwait(false);
        if (flow is null or { Process.Version: 0 }) return null;
        var ids = new SortedSet<string>(flow.Waitlist.ById.Keys, StringComparer.Ordinal);
        var pools = Picture.Empty<PoolState>().ToBuilder();
        foreach (var pool in flow.Process.Pools.Select(p => p.Id).Concat(flow.Pools.Keys).Distinct(StringComparer.Ordinal))
        {
            if (await states.ReadAsync<PoolState>(new EntityId(workspace, EntityKind.Pool, pool), cancel).ConfigureAwait(false) is not { } state) continue;
            pools[pool] = state;
            ids.UnionWith(state.Waiting.ById.Keys.Concat(state.Placed.Keys).Concat(state.Working.Keys));
        }
        if (ids.Count > LeadsMax) throw new PictureTooLargeException(ids.Count);
        var people = await ReadAsync<SalespersonState>(states, workspace, EntityKind.Salesperson, pools.Values.SelectMany(p => p.Members.Keys), cancel).ConfigureAwait(false);
        var campaigns = await ReadAsync<CampaignState>(states, workspace, EntityKind.Campaign, flow.Campaigns.Keys.Append(Submission.Unattributed), cancel).ConfigureAwait(false);
        var leads = await ReadAsync<LeadState>(states, workspace, EntityKind.Lead, ids, cancel).ConfigureAwait(false);
        return PictureLearning.Of(new Picture
        {
            At = now, Flow = flow, Pools = pools.ToImmutable(), People = people, Campaigns = campaigns, Slots = SlotsOf(pools), Leads = leads,
        });
    }

    // A pool knows its slots that are not over; who has one, the leads say.
    private static ImmutableSortedDictionary<string, SlotState> SlotsOf(ImmutableSortedDictionary<string, PoolState>.Builder pools)
    {
        var slots = Picture.Empty<SlotState>().ToBuilder();
        foreach (var (pool, state) in pools)
        {
            foreach (var (id, slot) in state.Slots) slots[id] = new SlotState(SlotPhase.Open, pool, slot.StartsAt, slot.EndsAt, LeadId: null, HeldUntil: null);
        }
        return slots.ToImmutable();
    }

    private static async Task<ImmutableSortedDictionary<string, T>> ReadAsync<T>(
        IStates states, string workspace, EntityKind kind, IEnumerable<string> keys, CancellationToken cancel) where T : class
    {
        var read = Picture.Empty<T>().ToBuilder();
        foreach (var chunk in keys.Distinct(StringComparer.Ordinal).Chunk(ReadsAtOnce))
        {
            var found = await Task.WhenAll(chunk.Select(key => states.ReadAsync<T>(new EntityId(workspace, kind, key), cancel))).ConfigureAwait(false);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (found[i] is { } state) read[chunk[i]] = state;
            }
        }
        return read.ToImmutable();
    }
}
