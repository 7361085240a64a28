using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Postgres.Sharing;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Silo;

/// <summary>
/// The duty to call the outside world: one silo's at a time. Given up once this silo's calls have ended, before it leaves the cluster: that takes seconds
/// in which another one calls already.
/// </summary>
internal sealed class SiloDuty(SiloSettings settings) : IDuty, IMetricsSource, IHostedService, IAsyncDisposable
{
    private readonly PostgresDuty duty = new(new PostgresJournalOptions(settings.Postgres), "callouts");

    public bool IsMine => duty.IsMine;

    public Task<CancellationToken> TakeAsync(CancellationToken cancel) => duty.TakeAsync(cancel);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => duty.DisposeAsync().AsTask();

    public IEnumerable<Metric> Collect() => [new("capacitymesh_duty_callouts", IsCounter: false, "Whether this silo is the one that sends webhooks, steers campaigns and uploads outcomes: 1 or 0.", IsMine ? 1 : 0)];

    public ValueTask DisposeAsync() => duty.DisposeAsync();
}
