using Microsoft.Extensions.Hosting;

namespace CapacityMesh.Cluster.Pumps;

/// <summary>Keeps every shard's pump running, from every silo: so they run as long as one silo does, and spread over all.</summary>
public sealed class PumpKeeper(IGrainFactory grains, ClusterServices services) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            for (var shard = 0; shard < services.Limits.Shards; shard++) grains.GetGrain<IPumpGrain>(shard).RunAsync().Ignore();
        }
        while (await timer.NextAsync(stoppingToken));
    }
}
