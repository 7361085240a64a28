using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Routing;

/// <summary>
/// Looks ahead in the background: once a day it writes down what it expects of each workspace, and after its constraint has moved it finds out what would
/// move it further. One computation at a time, with pauses three times as long as the work, so that it takes a quarter of one core at most.
/// </summary>
internal sealed class Forecaster(IMesh mesh, WhatIfDesk desk, ForecastBook forecasts, AdviceBook advice, Workspaces workspaces, WebOptions options, ILogger<Forecaster> log) : BackgroundService
{
    private const int PageMax = 500;
    private const int PauseTimes = 3;
    private const int AdviceSeeds = 6;

    // Workspaces in which something happened, and what is still to be done for them.
    private readonly ConcurrentDictionary<string, Outlooked> known = new(StringComparer.Ordinal);
    private IDisposable? follow;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        follow = mesh.Follow(Observe, wants: entity => entity.Kind is EntityKind.Flow);
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        follow?.Dispose();
        base.Dispose();
    }

    /// <summary>Does what is due for one workspace.</summary>
    public async Task LookAsync(string workspace, CancellationToken cancel)
    {
        var mine = known.GetOrAdd(workspace, static _ => new Outlooked());
        var day = ForecastBook.DayOf(mesh.Now);
        var isForecastDue = mine.ForecastOn != day && mine.MayForecast(options.AdviceEvery) && !await forecasts.HasAsync(workspace, mesh.Now, cancel);
        var isAdviceDue = mine.AdviceIsDue(options.AdviceEvery);
        if (!isForecastDue && !isAdviceDue) return;
        if ((await mesh.ReadAsync<FlowState>(EntityId.Flow(workspace), cancel))?.State is not { Process.Version: > 0 } flow) return;
        var picture = await desk.PictureAsync(workspace, cancel);
        if (isForecastDue)
        {
            var counts = await ForecastCounts.ReadAsync(mesh, workspace, flow, cancel);
            var weeks = await OnThreadOfItsOwn(() => Forecast.Make(picture, SeedOf(picture), options.ForecastSeeds, Pause(cancel), cancel));
            cancel.ThrowIfCancellationRequested();
            await forecasts.WriteAsync(workspace, new ForecastRecord(picture.At, weeks, counts, flow.Constraint?.Pool, flow.Process.Version), cancel);
            mine.Forecasted(day);
        }
        if (!isAdviceDue || flow.Constraint is not { } constraint) return;
        mine.Advised();
        var tried = await OnThreadOfItsOwn(() => Advisor.Advise(picture, WhatIfQuestion.DefaultWeeks, SeedOf(picture), AdviceSeeds, Pause(cancel), cancel));
        if (!cancel.IsCancellationRequested) advice.Keep(workspace, new AdviceNote(picture.At, constraint.Pool, [.. tried.Select(AdvisedView.Of)]));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Not in the first moments: a server that starts has better things to do.
            await Task.Delay(options.LookAheadEvery, stoppingToken);
            await MeetAllAsync(stoppingToken);
            while (true)
            {
                foreach (var workspace in known.Keys.Order(StringComparer.Ordinal)) await LookSafelyAsync(workspace, stoppingToken);
                await Task.Delay(options.LookAheadEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task LookSafelyAsync(string workspace, CancellationToken cancel)
    {
        try
        {
            await LookAsync(workspace, cancel);
        }
        catch (ProblemException known)
        {
            // Too large, or no process: it is asked about again at the next look.
            log.LogDebug("A workspace is not looked ahead of: {Code}", known.Problem.Code);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError("Looking ahead failed: {Fault} at {Place}", fault.GetType().FullName, fault.StackTrace);
        }
    }

    private async Task MeetAllAsync(CancellationToken cancel)
    {
        for (string? after = null; ;)
        {
            var page = await workspaces.ListAsync(after, PageMax, cancel);
            foreach (var (id, _) in page) known.TryAdd(id, new Outlooked());
            if (page.Count < PageMax) return;
            after = page[^1].Key;
        }
    }

    private void Observe(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.Entity.Kind is not EntityKind.Flow) continue;
            foreach (var fact in turn.Events)
            {
                if (fact is FlowEvent.ConstraintMoved or FlowEvent.ProcessDefined) known.GetOrAdd(turn.Entity.Workspace, static _ => new Outlooked()).Moved();
            }
        }
    }

    // Chance is the same for everybody who looks at the same instant, and another one each day.
    private static ulong SeedOf(Picture picture) => (ulong)picture.At.UtcTicks;

    private Action<TimeSpan> Pause(CancellationToken cancel) => worked => cancel.WaitHandle.WaitOne(options.LookAheadPaces ? worked * PauseTimes : TimeSpan.Zero);

    private static Task<T> OnThreadOfItsOwn<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Outlooked
    {
        private readonly Lock turn = new();
        private long advisedAt;
        private long forecastAt;
        private bool moved = true;

        public string? ForecastOn { get; private set; }

        public void Moved()
        {
            lock (turn) moved = true;
        }

        // By the machine's time, not by the mesh's: what is bounded is the work.
        public bool MayForecast(TimeSpan least) => forecastAt == 0 || TimeProvider.System.GetElapsedTime(forecastAt) >= least;

        public bool AdviceIsDue(TimeSpan least)
        {
            lock (turn) return advisedAt == 0 || (TimeProvider.System.GetElapsedTime(advisedAt) is var age && ((moved && age >= least) || age >= TimeSpan.FromHours(1)));
        }

        public void Advised()
        {
            lock (turn) (advisedAt, moved) = (TimeProvider.System.GetTimestamp(), false);
        }

        public void Forecasted(string day) => (ForecastOn, forecastAt) = (day, TimeProvider.System.GetTimestamp());
    }
}
