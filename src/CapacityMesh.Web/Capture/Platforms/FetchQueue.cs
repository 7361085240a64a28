using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Capture.Platforms;

/// <summary>
/// Leads that are still to be fetched. Each is a row before the platform is thanked, and the row goes when the lead is ours: a restart finds what was
/// left. Whoever was told of a lead fetches it; what others left, the process that has the duty does. A lead that two fetch, the intake takes once.
/// </summary>
internal sealed class FetchQueue(
    IMesh mesh, ConnectorBook book, IEnumerable<ILeadFetcher> fetchers, CaptureCounts counts, Backoff backoff, IDuty duty, TimeProvider time, ILogger<FetchQueue> log) : BackgroundService
{
    // About 20 MB; beyond it the platform keeps its leads and comes again.
    private const int JobsMax = 100_000;
    private const int AtOnceMax = 8;
    private const int PageMax = 500;
    private static readonly TimeSpan LookAgainEvery = TimeSpan.FromMinutes(1);
    private readonly Lock turn = new();
    private readonly PriorityQueue<FetchJob, DateTimeOffset> waiting = new();
    private readonly HashSet<RowKey> known = [];
    private readonly SemaphoreSlim bell = new(0);
    private readonly SemaphoreSlim places = new(AtOnceMax);

    /// <summary>Keeps jobs durably, all or none.</summary>
    /// <exception cref="ProblemException">Too many wait already.</exception>
    public async ValueTask AddAsync(IReadOnlyList<FetchJob> jobs, CancellationToken cancel)
    {
        lock (turn)
        {
            if (known.Count + jobs.Count > JobsMax) throw new ProblemException(Problem.Unavailable("queueFull", "More leads wait to be fetched than we keep; send them again later."));
        }
        FetchJob[] fresh = [.. jobs.Where(j => !IsKnown(j))];
        if (fresh.Length == 0) return;
        await mesh.Journal.Rows.ApplyAsync([.. fresh.Select(j => Documents.Row(j.Key, j))], cancel);
        foreach (var job in fresh) Offer(job);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        bell.Dispose();
        places.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(LookAgainAsync(stoppingToken), WorkAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // What is left stands in its rows.
        }
    }

    private bool IsKnown(FetchJob job)
    {
        lock (turn) return known.Contains(job.Key);
    }

    private void Offer(FetchJob job)
    {
        lock (turn)
        {
            if (!known.Add(job.Key)) return;
            waiting.Enqueue(job, job.Due);
        }
        bell.Release();
    }

    // Rows of an earlier life, or of a process that is gone.
    private async Task LookAgainAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                RowKey? after = null;
                while (duty.IsMine)
                {
                    var page = await mesh.Journal.Rows.ListAsync(KeyRing.Directory, RowTables.CaptureQueue, null, after, PageMax, stop);
                    foreach (var row in page) Offer(System.Text.Json.JsonSerializer.Deserialize<FetchJob>(row.Value.Span, Json.Wire.Options)!);
                    if (page.Count < PageMax || known.Count >= JobsMax) break;
                    after = page[^1].Key;
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogError("Leads to fetch could not be listed: {Fault}", fault.GetType().FullName);
            }
            await Task.Delay(LookAgainEvery, time, stop);
        }
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (true)
        {
            await places.WaitAsync(stop);
            FetchJob? job;
            while ((job = TakeDue(out var pause)) is null) await WaitAsync(pause, stop);
            _ = RunAsync(job, stop);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken stop)
    {
        using var alarm = new CancellationTokenSource(pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, alarm.Token);
        try
        {
            await bell.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It is time.
        }
    }

    private FetchJob? TakeDue(out TimeSpan pause)
    {
        lock (turn)
        {
            pause = LookAgainEvery;
            if (!waiting.TryPeek(out _, out var due)) return null;
            var left = due - time.GetUtcNow();
            if (left <= TimeSpan.Zero) return waiting.Dequeue();
            if (left < pause) pause = left + TimeSpan.FromMilliseconds(1);
            return null;
        }
    }

    private async Task RunAsync(FetchJob job, CancellationToken stop)
    {
        FetchJob? again = null;
        try
        {
            again = await TryAsync(job, stop);
            await mesh.Journal.Rows.ApplyAsync([again is null ? new RowChange(job.Key, null) : Documents.Row(again.Key, again)], stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The row stands as it was: the same job comes again.
            again = job with { Due = time.GetUtcNow() + LookAgainEvery };
            log.LogError("A fetched lead's row could not be written: {Fault}", fault.GetType().FullName);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        places.Release();
        lock (turn) known.Remove(job.Key);
        if (again is not null) Offer(again);
    }

    private async Task<FetchJob?> TryAsync(FetchJob job, CancellationToken stop)
    {
        var connector = await book.FindAsync(job.Connector, stop);
        if (connector is null || fetchers.FirstOrDefault(f => f.Platform == connector.Platform) is not { } fetcher) return null;
        try
        {
            await fetcher.FetchAsync(connector, job, stop);
            return null;
        }
        catch (ProblemException)
        {
            // It was counted, and would be refused again.
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            counts.Count(connector, CaptureResult.FetchFailed);
            return await LaterAsync(job, connector, fault, stop);
        }
    }

    private async ValueTask<FetchJob?> LaterAsync(FetchJob job, Connector connector, Exception fault, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var due = backoff.Next(now, job.Since, job.Attempts + 1, (fault as FetchFailedException)?.RetryAfter);
        log.LogWarning("A lead of {Platform} could not be fetched, attempt {Attempt}: {Fault}", connector.Platform, job.Attempts + 1, fault is FetchFailedException ? fault.Message : fault.GetType().FullName);
        if (due is { } next) return job with { Attempts = job.Attempts + 1, Due = next };
        counts.Count(connector, CaptureResult.GivenUp);
        // Not forgotten: the platform still has the lead, and its id stands here.
        await mesh.Journal.Rows.ApplyAsync([Documents.Row(job.Key with { Table = RowTables.CaptureParked }, job)], stop);
        return null;
    }
}
