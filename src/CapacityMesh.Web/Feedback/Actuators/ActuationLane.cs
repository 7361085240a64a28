using System.Threading.Channels;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Actuators;

/// <summary>
/// One campaign at one platform: one round at a time, so that order is kept. Of signals that come meanwhile only the newest is seen by the next round.
/// </summary>
internal sealed class ActuationLane(string workspace, string connectorId, string platformId, string campaign, ActuationRound round, ConnectorBook book, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource end = new();
    private readonly Lock turn = new();
    private WantedSpend? wanted;

    public string Workspace => workspace;

    public string Campaign => campaign;

    /// <summary>A signal; an older one than is known, or the same, changes nothing.</summary>
    public void Want(WantedSpend signal)
    {
        lock (turn)
        {
            if (wanted is not null && (signal.Version <= wanted.Version || signal.SameAs(wanted))) return;
            wanted = signal;
        }
        Ring();
    }

    /// <summary>Looks now.</summary>
    public void Ring() => bell.Writer.TryWrite(true);

    /// <summary>Works until it is stopped.</summary>
    public async Task RunAsync(SemaphoreSlim places, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        try
        {
            while (true)
            {
                var due = await OnceAsync(places, either.Token);
                await WaitAsync(due, either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // What was done stands in its row.
        }
    }

    /// <summary>It is steered no more.</summary>
    public void Stop() => end.Cancel();

    /// <inheritdoc/>
    public void Dispose() => end.Dispose();

    private async Task<DateTimeOffset> OnceAsync(SemaphoreSlim places, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        try
        {
            // Whoever follows connectors ends this lane; until then the connector may come back.
            if (await book.FindAsync(connectorId, cancel) is not { } connector) return time.GetUtcNow() + AfterFault;
            WantedSpend? now;
            lock (turn) now = wanted;
            var record = await round.RunAsync(connector, platformId, campaign, now, cancel);
            return record.NextAttemptAt ?? time.GetUtcNow() + AfterFault;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The journal failed: without it nothing is sent.
            log.LogError("A campaign could not be steered: {Fault}", fault.GetType().FullName);
            return time.GetUtcNow() + AfterFault;
        }
        finally
        {
            places.Release();
        }
    }

    private async Task WaitAsync(DateTimeOffset due, CancellationToken cancel)
    {
        var pause = due - time.GetUtcNow();
        if (pause <= TimeSpan.Zero) return;
        using var alarm = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, alarm.Token);
        try
        {
            await bell.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (alarm.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // It is time.
        }
    }
}
