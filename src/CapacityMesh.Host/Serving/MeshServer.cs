using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Hosting.Local;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;
using CapacityMesh.Web;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Host.Serving;

/// <summary>
/// A running server. Start: 1 the rules of listening, 2 the journal, 3 the mesh begins to recover, 4 the first key if the store is empty, 5 listen;
/// <c>/readyz</c> says yes when the mesh has recovered. Stop: 1 no new requests, 2 what is under way is answered, 3 the mesh drains, 4 the journal closes.
/// </summary>
public sealed class MeshServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IJournal journal;
    private readonly LocalMesh mesh;

    private MeshServer(WebApplication app, IJournal journal, LocalMesh mesh) => (this.app, this.journal, this.mesh) = (app, journal, mesh);

    /// <summary>Where it listens; a port that was asked for as 0 is the real one here.</summary>
    public IReadOnlyList<string> Urls => [.. app.Urls];

    /// <summary>The mesh.</summary>
    public IMesh Mesh => mesh;

    /// <summary>What the first start made; null at later ones.</summary>
    public FirstStart? FirstStart { get; private set; }

    /// <summary>Completes when the mesh has recovered what the journal owed.</summary>
    public Task Recovered { get; private set; } = Task.CompletedTask;

    /// <summary>Starts.</summary>
    /// <exception cref="Exception">What <see cref="StartProblem"/> knows, or a defect.</exception>
    public static async Task<MeshServer> StartAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ListenRules.Require(options.Urls, options.IsBehindProxy);
        var journal = OpenJournal(options);
        MeshServer? server = null;
        try
        {
            server = Build(options, journal);
            await server.RunAsync(options, cancel);
            return server;
        }
        catch
        {
            if (server is not null) await server.DisposeAsync();
            else await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the process was asked to end and every request under way is answered.</summary>
    public Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await mesh.DisposeAsync();
        await app.DisposeAsync();
        await journal.DisposeAsync();
    }

    private static SqliteJournal OpenJournal(ServerOptions options) => string.IsNullOrWhiteSpace(options.Postgres)
        ? new SqliteJournal(new SqliteJournalOptions(Path.GetFullPath(options.DataFolder)) { SyncDelay = options.SyncDelay })
        : throw new StartRefusedException("postgresNotSupported", "PostgreSQL is not in this version. Leave out --postgres and CAPACITYMESH_POSTGRES to store in a folder.");

    private static MeshServer Build(ServerOptions options, IJournal journal)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(ServerLimits.Apply);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ServerLimits.DrainMax);
        Logs.Configure(builder.Logging);
        builder.Services.AddSingleton(new MeshClock(TimeProvider.System, options.Speed)).AddSingleton(new LocalMeshOptions());
        builder.Services.AddSingleton(s => new LocalMesh(
            journal, s.GetRequiredService<MeshClock>(), s.GetRequiredService<LocalMeshOptions>(), s.GetRequiredService<ILogger<LocalMesh>>()));
        builder.Services.AddSingleton<IMesh>(s => s.GetRequiredService<LocalMesh>());
        builder.Services.AddSingleton<MeshReadiness>().AddSingleton<IReadiness>(s => s.GetRequiredService<MeshReadiness>()).AddSingleton<IMetricsSource, MeshMetrics>();
        builder.AddCapacityMeshWeb();
        var app = builder.Build();
        if (options.IsBehindProxy) app.UseForwardedHeaders(ServerLimits.OneProxy());
        app.MapCapacityMesh();
        options.AlsoMap(app);
        return new MeshServer(app, journal, app.Services.GetRequiredService<LocalMesh>());
    }

    private async Task RunAsync(ServerOptions options, CancellationToken cancel)
    {
        Recovered = mesh.StartAsync(app.Lifetime.ApplicationStopping);
        app.Services.GetRequiredService<MeshReadiness>().Recovered = Recovered;
        FirstStart = await app.Services.GetRequiredService<Bootstrap>().RunAsync(cancel);
        await app.StartAsync(cancel);
        // Settings of the web server can name further endpoints: the rule holds for what is really listened on.
        ListenRules.Require(Urls, options.IsBehindProxy);
    }
}
