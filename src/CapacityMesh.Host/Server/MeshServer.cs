using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Hosting;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Host.Server;

/// <summary>The embedded server: journal, mesh and web in one process. Composition, from the inside out.</summary>
public sealed class MeshServer : IAsyncDisposable
{
    private readonly IJournal journal;

    private MeshServer(IJournal journal, LocalMesh mesh, MeshClock clock, WebApplication app, FirstStart? firstStart) =>
        (this.journal, Mesh, Clock, App, FirstStart) = (journal, mesh, clock, app, firstStart);

    /// <summary>The mesh behind it.</summary>
    public LocalMesh Mesh { get; }

    /// <summary>Its clock.</summary>
    public MeshClock Clock { get; }

    /// <summary>The web application.</summary>
    public WebApplication App { get; }

    /// <summary>What the first start made, to be told once; null when nothing was made and no key is given.</summary>
    public FirstStart? FirstStart { get; }

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(App.Urls.First());

    /// <summary>Opens the journal and listens, while the mesh takes in what is still owed: <c>/readyz</c> answers 200 once it has, and requests wait until then.</summary>
    public static async Task<MeshServer> StartAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = ServerBuilder.Create(options.Urls, ServerLimits.DrainMax);
        var journal = await JournalFactory.OpenAsync(options, cancel);
        var clock = new MeshClock(TimeProvider.System, options.ClockSpeed);
        builder.Services.AddSingleton(services => new LocalMesh(journal, clock, new LocalMeshOptions(), services.GetRequiredService<ILogger<LocalMesh>>()));
        builder.Services.AddSingleton<IMesh>(services => services.GetRequiredService<LocalMesh>());
        builder.Services.AddSingleton<MeshHealth>();
        builder.Services.AddSingleton<IReadiness>(services => services.GetRequiredService<MeshHealth>());
        builder.Services.AddSingleton<IMetricsSource>(services => services.GetRequiredService<MeshHealth>());
        // Where days pass in seconds, what is looked ahead of once in minutes is looked at sooner as well.
        builder.AddCapacityMeshWeb(options.ClockSpeed > 1 ? new WebOptions { LookAheadEvery = TimeSpan.FromSeconds(5), AdviceEvery = TimeSpan.FromSeconds(30) } : null);
        var app = builder.Build();
        try
        {
            if (options.BehindProxy) app.UseForwardedHeaders(ServerLimits.OneProxy());
            app.MapCapacityMesh();
            options.AlsoMap(app);
            var mesh = app.Services.GetRequiredService<LocalMesh>();
            app.Services.GetRequiredService<MeshHealth>().Recovered = mesh.StartAsync(app.Lifetime.ApplicationStopping);
            var firstStart = await app.Services.GetRequiredService<Bootstrap>().RunAsync(cancel);
            await app.StartAsync(cancel);
            return new MeshServer(journal, mesh, clock, app, firstStart);
        }
        catch
        {
            await app.DisposeAsync();
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until SIGTERM or Ctrl-C, then finishes what is under way.</summary>
    public Task WaitForShutdownAsync() => App.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await Mesh.StopAsync();
        await App.DisposeAsync();
        await journal.DisposeAsync();
    }
}
