using CapacityMesh.Cluster.Edge;
using CapacityMesh.Cluster.Placement;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace CapacityMesh.Cluster.Tests;

/// <summary>Silos in this process over one journal; asked at the edge of the first of them.</summary>
internal sealed class SilosHost : IHost
{
    private readonly InProcessTestCluster cluster;

    private SilosHost(InProcessTestCluster cluster) => this.cluster = cluster;

    public IMesh Mesh => MeshOf(0);

    public InProcessTestCluster Cluster => cluster;

    /// <summary>The edge of a silo.</summary>
    public IMesh MeshOf(int silo) => ServicesOf(silo).GetRequiredService<ClusterMesh>();

    public IServiceProvider ServicesOf(int silo) => cluster.GetSiloServiceProvider(cluster.Silos[silo].SiloAddress);

    /// <summary>The silo that an entity's workspace is at home on.</summary>
    public int HomeOf(EntityId entity)
    {
        SiloAddress[] addresses = [.. cluster.Silos.Select(s => s.SiloAddress)];
        return Array.IndexOf(addresses, ServicesOf(0).GetRequiredService<Homes>().Of(entity.ToString(), addresses));
    }

    /// <summary>The edges of all silos but one.</summary>
    public IMesh[] EdgesBut(int silo) => [.. Enumerable.Range(0, cluster.Silos.Count).Where(i => i != silo).Select(MeshOf)];

    /// <summary>Starts silos over a journal, or each over its own way to it.</summary>
    public static async Task<SilosHost> StartAsync(
        int silos, Func<int, ISharedJournal> journal, Func<int, TimeProvider> time, HostLimits limits, bool together = true, Action<ISiloBuilder>? besides = null)
    {
        var started = 0;
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.ConfigureSilo((_, silo) =>
        {
            var index = Interlocked.Increment(ref started) - 1;
            silo.Services.AddSingleton(journal(index)).AddSingleton(new MeshClock(time(index)));
            silo.AddCapacityMesh(new ClusterLimits
            {
                RequestsMax = limits.RequestsMax,
                AnswerTimeout = limits.AnswerTimeout,
                RetryDelay = TimeSpan.FromMilliseconds(2),
                PumpEvery = TimeSpan.FromMilliseconds(25),
                FeedEvery = TimeSpan.FromMilliseconds(50),
                Shards = 2,
                WorkspacesTogether = together,
            });
            besides?.Invoke(silo);
        });
        var host = new SilosHost(builder.Build());
        await host.cluster.DeployAsync().WaitAsync(TimeSpan.FromSeconds(60));
        for (var i = 0; i < silos; i++) await host.ServicesOf(i).GetRequiredService<FeedFollower>().Begun.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return host;
    }

    // A silo has half a minute to leave.
    public async ValueTask DisposeAsync() => await cluster.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(100));
}
