using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// The one thread that runs turns. It never waits for the disk: while one batch is being committed the next one gathers, and that is all there is
/// to group commit: no delay, no knob. What it decides is committed in its order.
/// Numbered cycle: 1 take what came in, 2 fire timers, 3 settle reports, 4 seal and hand over if the committer is free, 5 sleep until something comes.
/// </summary>
internal sealed partial class Lane : IDisposable
{
    private readonly ConcurrentQueue<Action> control = new();
    private readonly ConcurrentQueue<OpenRequest> requests = new();
    private readonly ConcurrentDictionary<string, OpenRequest> open = new();
    private readonly AutoResetEvent signal = new(false);
    private readonly MeshEngine engine;
    private readonly MeshClock clock;
    private readonly IJournal journal;
    private readonly LocalMeshOptions options;
    private readonly ILogger log;
    private readonly Committer committer;
    private readonly Thread thread;
    private readonly List<(long Batch, PendingRead Read)> reads = [];
    private readonly Dictionary<EffectId, int> failures = [];
    private readonly PriorityQueue<Envelope, DateTimeOffset> retries = new();
    private int signaled;
    private int underWay;
    private long durableBatch;
    private DateTimeOffset scannedUntil = DateTimeOffset.MinValue;
    private bool committing;
    private bool recovering = true;
    private volatile bool stopping;

    public Lane(IJournal journal, PublishedWorld world, MeshClock clock, LocalMeshOptions options, ILogger log)
    {
        (this.journal, this.clock, this.options, this.log) = (journal, clock, options, log);
        engine = new MeshEngine(world, () => clock.Now) { LoadNeeded = Load, TurnFailed = OnTurnFailed };
        committer = new Committer(journal, OnCommitted, OnDropped);
        thread = new Thread(Loop) { Name = "mesh lane", IsBackground = true };
    }

    /// <summary>Completes when what the journal still owed has been taken in.</summary>
    public TaskCompletionSource Recovered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The last commit failed; cleared by the next one that works.</summary>
    public bool IsFaulted => committer.IsFaulted;

    /// <summary>Who follows commits.</summary>
    public Followers Followers => committer.Followers;

    public long TurnsTaken => engine.TurnsTaken;

    public int LiveEntities => engine.LiveCount;

    public int UnderWay => Volatile.Read(ref underWay);

    public void Start()
    {
        committer.Start();
        thread.Start();
        Recover();
    }

    public OpenRequest Submit(MeshRequest request, string askId)
    {
        if (stopping || Interlocked.Increment(ref underWay) > options.RequestsMax)
        {
            if (!stopping) Interlocked.Decrement(ref underWay);
            throw new MeshOverloadedException();
        }
        var item = new OpenRequest(request, askId);
        open[askId] = item;
        requests.Enqueue(item);
        Wake();
        return item;
    }

    /// <summary>The caller no longer waits, or has its answer.</summary>
    public void Close(string askId)
    {
        if (open.TryRemove(askId, out _)) Interlocked.Decrement(ref underWay);
    }

    public Task<(object? State, long Version)> ReadAsync(EntityId entity)
    {
        var read = new PendingRead(entity);
        Post(() => Read(read));
        return read.Result;
    }

    /// <summary>Takes no more requests, finishes what is under way, and returns when all of it is durable.</summary>
    public async Task StopAsync()
    {
        stopping = true;
        Wake();
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => WhenIdle(idle));
        await Task.WhenAny(idle.Task, Task.Delay(TimeSpan.FromSeconds(20))).ConfigureAwait(false);
    }

    public void Dispose()
    {
        stopping = true;
        committer.Dispose();
        signal.Dispose();
    }

    private void WhenIdle(TaskCompletionSource idle)
    {
        if (requests.IsEmpty && !committing && !engine.HasWork) idle.TrySetResult();
        else Task.Delay(5).ContinueWith(_ => Post(() => WhenIdle(idle)), TaskScheduler.Default);
    }

    private void Post(Action action)
    {
        control.Enqueue(action);
        Wake();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref signaled, 1) == 0) signal.Set();
    }

    private void Loop()
    {
        try
        {
            while (true)
            {
                Volatile.Write(ref signaled, 0);
                while (control.TryDequeue(out var action)) action();
                if (!recovering) TakeRequests();
                FireTimers();
                if (engine.HasWork && !committing) HandOver();
                if (control.IsEmpty && (requests.IsEmpty || recovering || engine.Gathered >= options.BatchTurnsMax)) signal.WaitOne(NextWait());
            }
        }
        catch (ObjectDisposedException)
        {
            // The host was disposed: the lane ends with it.
        }
    }

    private void TakeRequests()
    {
        while (engine.Gathered < options.BatchTurnsMax && requests.TryDequeue(out var item))
        {
            engine.Run(item.Envelope);
            if (!committing) break;
        }
    }

    private void FireTimers()
    {
        var now = clock.Now;
        while (engine.Gathered < options.BatchTurnsMax && engine.Timers.TryTake(now, out var timer))
        {
            engine.Run(new Envelope(timer.Entity, MachineType.Of(timer.Entity.Kind).TimerElapsed(timer.Name), new Cause.Timer(timer)));
        }
        while (retries.TryPeek(out var retry, out var due) && due <= now)
        {
            retries.Dequeue();
            engine.Run(retry);
        }
        if (!recovering && now + (options.TimerWindow / 2) > scannedUntil) ScanTimers(now);
    }

    private void HandOver()
    {
        // Everything that is already here goes along: the batch is as large as the time that the last one took.
        while (engine.Gathered < options.BatchTurnsMax && !recovering && requests.TryDequeue(out var item)) engine.Run(item.Envelope);
        engine.Settle();
        committing = true;
        committer.Commit(engine.Seal());
    }

    private TimeSpan NextWait()
    {
        var most = TimeSpan.FromSeconds(1);
        if (engine.Timers.NextDue() is { } due && clock.Until(due) < most) most = clock.Until(due);
        if (retries.TryPeek(out _, out var retry) && clock.Until(retry) < most) most = clock.Until(retry);
        return most;
    }

    private void OnCommitted(Batch batch)
    {
        foreach (var (ask, answer) in batch.Answers)
        {
            if (open.TryGetValue(ask.Id, out var item)) item.Complete(new AskResult.Answered(answer, Repeated: false));
        }
        Post(() =>
        {
            durableBatch = batch.Number;
            committing = false;
            CompleteReads();
            engine.Evict(options.LiveEntitiesMax, durableBatch);
        });
    }

    private sealed class PendingRead(EntityId entity)
    {
        private readonly TaskCompletionSource<(object?, long)> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EntityId Entity { get; } = entity;

        public object? State { get; set; }

        public long Version { get; set; }

        public Task<(object? State, long Version)> Result => done.Task;

        public void Complete() => done.TrySetResult((State, Version));
    }

    private void Read(PendingRead read)
    {
        if (engine.Find(read.Entity) is not { } entity)
        {
            LoadThen(read.Entity, () => Read(read));
            return;
        }
        (read.State, read.Version) = (entity.Version == 0 ? null : entity.State, entity.Version);
        if (entity.BatchNumber <= durableBatch) read.Complete();
        else reads.Add((entity.BatchNumber, read));
    }

    private void CompleteReads()
    {
        foreach (var (number, read) in reads)
        {
            if (number <= durableBatch) read.Complete();
        }
        reads.RemoveAll(r => r.Batch <= durableBatch);
    }

    private void Load(EntityId entity) => LoadThen(entity, () => { });

    private void LoadThen(EntityId id, Action then) => _ = Task.Run(async () =>
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var stored = await journal.LoadAsync(id, CancellationToken.None).ConfigureAwait(false);
                var entity = stored is null ? null : TurnCodec.Restore(id, stored);
                Post(() =>
                {
                    engine.Loaded(id, entity);
                    then();
                });
                return;
            }
            catch (JournalUnavailableException fault) when (attempt < 100)
            {
                LogLoadFailed(log, id.Kind, fault);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << Math.Min(attempt, 7)))).ConfigureAwait(false);
            }
        }
    });
}
