using CapacityMesh.Cluster.Grains;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Cluster.Pumps;

/// <summary>Drives what is owed and due in one shard of all entities. The grain's key is the shard's index.</summary>
public interface IPumpGrain : IGrainWithIntegerKey
{
    /// <summary>Keeps the pump running: whoever asks does so again and again, so that a pump whose silo is gone runs on another one soon.</summary>
    Task RunAsync();
}

/// <summary>
/// Looks again and again into its shard of the journal: fires timers that are due, and wakes entities whose effects wait longer than a look. Two pumps
/// of one shard, for a moment after a silo was lost, do no harm: what one of them consumed is gone for the other.
/// </summary>
public sealed partial class PumpGrain(ClusterServices services) : Grain, IPumpGrain
{
    private const int PageMax = 1_000;
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);
    private readonly Dictionary<StoredTimer, DateTimeOffset> underWay = [];
    private long seen;
    private int looks;
    private long trimmed;

    /// <inheritdoc/>
    public Task RunAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(LookAsync, new GrainTimerCreationOptions(TimeSpan.Zero, services.Limits.PumpEvery) { KeepAlive = true });
        return base.OnActivateAsync(cancellationToken);
    }

    private Shard Shard => new((int)this.GetPrimaryKeyLong(), services.Limits.Shards);

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            await FireAsync(cancel);
            // Debts are looked for less often than timers: their senders deal with nearly all of them.
            if (looks++ % 4 == 0) await WakeAsync(cancel);
            if (Shard.Index == 0 && TimeProvider.System.GetElapsedTime(trimmed) > TrimEvery) await TrimAsync(cancel);
        }
        catch (JournalUnavailableException fault)
        {
            LogUnavailable(services.Log, fault);
        }
    }

    private async Task FireAsync(CancellationToken cancel)
    {
        var now = services.Clock.Now;
        foreach (var (timer, until) in underWay.ToArray())
        {
            if (until <= now) underWay.Remove(timer);
        }
        foreach (var timer in await services.Journal.DueAsync(Shard, now, PageMax + underWay.Count, cancel))
        {
            if (underWay.TryAdd(timer, DateTimeOffset.MaxValue)) _ = FireAsync(timer);
        }
    }

    private async Task FireAsync(StoredTimer timer)
    {
        try
        {
            var isDone = await GrainFactory.MailboxOf(timer.Entity).ElapseAsync(new TimerLetter(timer.Name, timer.Due));
            if (isDone) underWay.Remove(timer);
            else underWay[timer] = services.Clock.Now + RestAfterFailure;
        }
#pragma warning disable CA1031 // The entity's silo is gone, or does not answer: the next look tries again.
        catch (Exception)
#pragma warning restore CA1031
        {
            underWay.Remove(timer);
        }
    }

    // What stood in the outbox at the last look and stands there still was left by somebody.
    private async Task WakeAsync(CancellationToken cancel)
    {
        var (sources, newest) = await services.Journal.DebtorsAsync(Shard, seen, PageMax, cancel);
        seen = newest;
        foreach (var source in sources) await GrainFactory.MailboxOf(source).OweAsync();
    }

    private async Task TrimAsync(CancellationToken cancel)
    {
        trimmed = TimeProvider.System.GetTimestamp();
        await services.Journal.TrimFeedAsync(services.Limits.FeedKeep, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is owed cannot be read; trying again")]
    private static partial void LogUnavailable(ILogger log, Exception fault);
}
