using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace CapacityMesh.Cluster.Tests;

/// <summary>Two silos in this process over one memory journal.</summary>
internal sealed class TwoSilos : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;

    private TwoSilos()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.Services
            .AddSingleton<IJournal>(Journal)
            .AddSingleton(new MeshClock(TimeProvider.System))
            .AddSingleton<ClusterServices>());
        cluster = builder.Build();
    }

    public MemoryJournal Journal { get; } = new();

    public static async Task<TwoSilos> StartAsync()
    {
        var silos = new TwoSilos();
        await silos.cluster.DeployAsync();
        return silos;
    }

    public Task<TurnReply> AskAsync(EntityId entity, ICommand command) =>
        cluster.Client.MailboxOf(entity).AskAsync(RowsBeside.Write(new MeshRequest(entity, command), new Ask("test")));

    public Task DeliverAsync(EntityId entity, EffectLetter letter) => cluster.Client.MailboxOf(entity).DeliverAsync(letter);

    public async Task<TState?> StoredAsync<TState>(EntityId id)
        where TState : class =>
        await Journal.LoadAsync(id, CancellationToken.None) is { } stored ? (TState)TurnCodec.Restore(id, stored).State : null;

    /// <summary>Returns when no effect waits any more.</summary>
    public async Task SettleAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await Journal.OutboxAsync(0, 1, limit.Token)).Count > 0) await Task.Delay(10, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
