using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.WhatIf;

namespace CapacityMesh.Web.Routing;

/// <summary>What a workspace had counted at an instant, since it began.</summary>
internal sealed record ForecastCounts(long Admitted, long Won, long Delivered)
{
    /// <summary>As the machines count now.</summary>
    public static async Task<ForecastCounts> ReadAsync(IMesh mesh, string workspace, FlowState flow, CancellationToken cancel)
    {
        var (won, delivered) = (0L, 0L);
        foreach (var id in flow.Campaigns.Keys.Append(Submission.Unattributed).Distinct(StringComparer.Ordinal))
        {
            if (await mesh.ReadAsync<CampaignState>(new EntityId(workspace, EntityKind.Campaign, id), cancel) is not { State: var campaign }) continue;
            won += campaign.CountOf(Outcome.Won);
            delivered += campaign.CountOf(Outcome.Delivered);
        }
        return new ForecastCounts(flow.Totals.Admitted, won, delivered);
    }
}

/// <summary>A day's forecast, and where the workspace stood when it was written: later ones tell from that what became of earlier ones.</summary>
/// <param name="At">When.</param>
/// <param name="Weeks">The weeks ahead.</param>
/// <param name="Counts">What had been counted by then.</param>
/// <param name="Constraint">The constraint then.</param>
/// <param name="ProcessVersion">The process then.</param>
internal sealed record ForecastRecord(DateTimeOffset At, IReadOnlyList<ForecastWeek> Weeks, ForecastCounts Counts, string? Constraint, int ProcessVersion);
