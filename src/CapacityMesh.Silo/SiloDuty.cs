using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Postgres.Sharing;
using CapacityMesh.Web.Operations;

namespace CapacityMesh.Silo;

/// <summary>The duty to call the outside world: one silo's at a time.</summary>
internal sealed class SiloDuty(SiloSettings settings) : IDuty, IAsyncDisposable
{
    private readonly PostgresDuty duty = new(new PostgresJournalOptions(settings.Postgres), "callouts");

    public bool IsMine => duty.IsMine;

    public Task<CancellationToken> TakeAsync(CancellationToken cancel) => duty.TakeAsync(cancel);

    public ValueTask DisposeAsync() => duty.DisposeAsync();
}
