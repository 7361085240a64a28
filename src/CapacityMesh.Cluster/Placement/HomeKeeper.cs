using CapacityMesh.Cluster.Grains;
using CapacityMesh.Cluster.Pumps;
using CapacityMesh.Core.Kernel;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace CapacityMesh.Cluster.Placement;

/// <summary>
/// Brings entities home after a silo came or went: those that live here and whose workspace is at home elsewhere now leave, once they are idle, and come to
/// life there with their next turn. Until then all is as right as before, and slower.
/// </summary>
public sealed class HomeKeeper(ClusterServices services, Homes homes, IGrainFactory grains, ISiloStatusOracle members) : BackgroundService
{
    // Longer than a silo needs to join or to leave, so that a rolling upgrade moves a workspace once for each silo and not more.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SiloAddress[] before = [];
        using var timer = new PeriodicTimer(Every);
        while (await timer.NextAsync(stoppingToken))
        {
            var now = members.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToArray();
            if (now.Length > 0 && !now.AsSpan().SequenceEqual(before)) await LeaveAsync(now);
            before = now;
        }
    }

    private async Task LeaveAsync(SiloAddress[] silos)
    {
        foreach (var entity in services.Mailboxes.Entities)
        {
            // Leads and contacts are many, and leave by themselves soon.
            if (entity.Kind is EntityKind.Lead or EntityKind.Contact) continue;
            if (homes.Of(entity.ToString(), silos) != members.SiloAddress) await grains.MailboxOf(entity).LeaveAsync();
        }
    }
}
