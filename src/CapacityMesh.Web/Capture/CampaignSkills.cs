using System.Collections.Concurrent;
using System.Collections.Immutable;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Web.Capture;

/// <summary>Skills that a campaign's leads ask for, kept for a few seconds: every lead needs them.</summary>
internal sealed class CampaignSkills(IMesh mesh)
{
    private const int CampaignsMax = 10_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Workspace, string Campaign), (ImmutableArray<string>? Skills, long Since)> known = new();

    /// <summary>The skills; null when nobody described the campaign.</summary>
    public async ValueTask<ImmutableArray<string>?> OfAsync(string workspace, string campaign, CancellationToken cancel)
    {
        if (known.TryGetValue((workspace, campaign), out var kept) && TimeProvider.System.GetElapsedTime(kept.Since) < KeptFor) return kept.Skills;
        var state = (await mesh.ReadAsync<CampaignState>(new EntityId(workspace, EntityKind.Campaign, campaign), cancel))?.State;
        ImmutableArray<string>? skills = state is { IsConfigured: true } ? state.Profile.Skills : null;
        if (known.Count >= CampaignsMax) known.Clear();
        known[(workspace, campaign)] = (skills, TimeProvider.System.GetTimestamp());
        return skills;
    }

    /// <summary>It was described anew.</summary>
    public void Forget(string workspace, string campaign) => known.TryRemove((workspace, campaign), out _);
}
