using CapacityMesh.Cluster;
using CapacityMesh.Cluster.Edge;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Hosting;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Silo;

/// <summary>The silo and the web in front of it. Composition, from the inside out.</summary>
internal static class SiloServer
{
    /// <summary>Runs until SIGTERM or Ctrl-C, then finishes what is under way and hands the rest to the other silos.</summary>
    public static async Task RunAsync(SiloSettings settings, ISharedJournal journal)
    {
        await using var app = Build(settings, journal);
        if (settings.BehindProxy) app.UseForwardedHeaders(ServerLimits.OneProxy());
        app.MapCapacityMesh();
        var (health, mesh) = (app.Services.GetRequiredService<SiloHealth>(), app.Services.GetRequiredService<ClusterMesh>());
        // Kestrel stops listening by itself and waits for what is under way; then the silo leaves, and its grains with it.
        app.Lifetime.ApplicationStopping.Register(() => health.IsDraining = true);
        app.Lifetime.ApplicationStopped.Register(mesh.Stop);
        if (await app.Services.GetRequiredService<Bootstrap>().RunAsync(CancellationToken.None) is { Key: { } key }) Console.WriteLine($"Admin key (shown this once): {key}");
        await app.StartAsync();
        Console.WriteLine($"CapacityMesh's silo listens on {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }

    private static WebApplication Build(SiloSettings settings, ISharedJournal journal)
    {
        var builder = ServerBuilder.Create(settings.Urls, ServerLimits.DrainMax * 2);
        builder.Services.AddSingleton(journal).AddSingleton(new MeshClock(TimeProvider.System)).AddSingleton<SiloHealth>()
            .AddSingleton<IReadiness>(s => s.GetRequiredService<SiloHealth>()).AddSingleton<IMetricsSource>(s => s.GetRequiredService<SiloHealth>());
        // The silo first, then the duty, the web after it: hosted services start in this order and end in the other.
        builder.UseOrleans(silo =>
        {
            Membership.Use(silo, settings);
            silo.AddCapacityMesh();
        });
        builder.Services.AddSingleton(_ => new SiloDuty(settings)).AddSingleton<IDuty>(s => s.GetRequiredService<SiloDuty>())
            .AddSingleton<IMetricsSource>(s => s.GetRequiredService<SiloDuty>()).AddHostedService(s => s.GetRequiredService<SiloDuty>());
        builder.AddCapacityMeshWeb();
        return builder.Build();
    }
}
