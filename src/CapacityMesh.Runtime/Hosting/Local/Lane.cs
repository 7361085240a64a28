using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// The one thread that runs turns. It never waits for the disk: while one batch is written and the next encoded, a third gathers, and that is all there is
/// to group commit: no delay, no knob. What it decides is committed in its order.
/// Numbered cycle: 1 take what came in, 2 fire timers, 3 settle reports, 4 seal and hand over if the committer is free, 5 sleep until something comes.
/// </summary>
internal sealed partial class Lane : IDisposable
{
    // Requests for which the lane gets up while a batch is encoded: none of them can be handed over before, and to wake a thread costs as much as to take a lead.
    private const int TogetherMin = 8;

    private readonly ConcurrentQueue<Action> control = new();
    private readonly ConcurrentQueue<OpenRequest> requests = new();
    private readonly ConcurrentDictionary<string, OpenRequest> open = new();
    private readonly Sleep sleep;
    private readonly MeshEngine engine;
    private readonly MeshClock clock;
    private readonly IJournal journal;
    private readonly LocalMeshOptions options;
    private readonly ILogger log;
    private readonly Committer committer;
    private readonly Thread thread;
    private readonly List<(long Batch, OpenRequest Request)> contenders = [];
    private readonly Dictionary<EffectId, int> failures = [];
    private readonly PriorityQueue<Envelope, DateTimeOffset> retries = new();
    private readonly CancellationTokenSource life = new();
    private readonly Timer patience;
    private int underWay;
    private long durableBatch;
    // Sealed, and not durable as far as this thread was told; in their order.
    private readonly Queue<Batch> inFlight = new();
    private volatile bool isEncoding;
    private bool recovering = true;
    private volatile bool stopping;

    public Lane(IJournal journal, PublishedWorld world, MeshClock clock, LocalMeshOptions options, ILogger log)
    {
        (this.journal, this.clock, this.options, this.log) = (journal, clock, options, log);
        engine = new MeshEngine(world, () => clock.Now) { LoadNeeded = Load, TurnFailed = OnTurnFailed, BatchTurnsMax = options.BatchTurnsMax };
        committer = new Committer(journal, new CommitterEvents(OnEncoded, OnDurable, OnDropped, fault => LogFollowerFailed(log, fault)));
        sleep = new Sleep(() => control.IsEmpty && (!AreWorthIt || recovering || engine.IsFull) && !life.IsCancellationRequested);
        thread = new Thread(Loop) { Name = "mesh lane", IsBackground = true };
        // One look now and then at all that is open costs less than a timer for each request.
        var every = TimeSpan.FromMilliseconds(Math.Clamp(options.AnswerTimeout.TotalMilliseconds / 4, 10, 1_000));
        patience = new Timer(_ => FailLate(), null, every, every);
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
        var item = new OpenRequest(request, askId, Environment.TickCount64 + (long)options.AnswerTimeout.TotalMilliseconds);
        open[askId] = item;
        requests.Enqueue(item);
        // What was enqueued is seen by a lane that falls asleep, or what it says of itself is seen here.
        Interlocked.MemoryBarrier();
        if (AreWorthIt) sleep.Wake();
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
        if (life.IsCancellationRequested) return;
        stopping = true;
        sleep.Wake();
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => WhenIdle(idle));
        await Task.WhenAny(idle.Task, Task.Delay(options.DrainTimeout)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        stopping = true;
        life.Cancel();
        sleep.Wake();
        if (thread.IsAlive) thread.Join(TimeSpan.FromSeconds(5));
        committer.Dispose();
        patience.Dispose();
        foreach (var item in open.Values) item.Fail(new JournalUnavailableException("the host has ended."));
        // The sleep and the token are left to the collector: a load that is still under way may touch them.
    }

    private void FailLate()
    {
        var now = Environment.TickCount64;
        foreach (var item in open.Values)
        {
            if (item.Deadline <= now) item.Fail(new JournalUnavailableException("The answer is not durable in time."));
        }
    }

    private void WhenIdle(TaskCompletionSource idle)
    {
        if (requests.IsEmpty && inFlight.Count == 0 && !isEncoding && !engine.HasWork && UnderWay == 0) idle.TrySetResult();
        else Task.Delay(5).ContinueWith(_ => Post(() => WhenIdle(idle)), TaskScheduler.Default);
    }

    private void Post(Action action)
    {
        control.Enqueue(action);
        sleep.Wake();
    }

    private void Loop()
    {
        while (!life.IsCancellationRequested)
        {
            while (control.TryDequeue(out var action)) action();
            engine.Continue();
            if (!recovering) TakeRequests();
            FireTimers();
            if (engine.HasWork && MayHandOver) HandOver();
            sleep.For(NextWait());
        }
    }

    // The requests that wait, to get up for.
    private bool AreWorthIt => requests.Count >= (isEncoding ? TogetherMin : 1);

    private bool MayHandOver => !isEncoding && !mustRecover && inFlight.Count < options.BatchesInFlightMax;

    private void TakeRequests()
    {
        while (!engine.IsFull && requests.TryDequeue(out var item))
        {
            Take(item);
            if (MayHandOver) break;
        }
    }

    // Two people with one address at one instant: the second is told once the first is durable, and finds it then. A conflict would say the same, but
    // only by dropping everybody's turns.
    private void Take(OpenRequest item)
    {
        if (Clashing(item) is { } batch) contenders.Add((batch.Number, item));
        else engine.Run(item.Envelope);
    }

    private Batch? Clashing(OpenRequest item)
    {
        if (item.Request.Claims.Count == 0) return null;
        if (engine.Open.ClashesWith(item.Request).Count > 0) return engine.Open;
        foreach (var batch in inFlight)
        {
            if (batch.ClashesWith(item.Request).Count > 0) return batch;
        }
        return null;
    }

    private void FireTimers()
    {
        var now = clock.Now;
        while (!engine.IsFull && engine.Timers.TryTake(now, out var timer))
        {
            engine.Run(new Envelope(timer.Entity, MachineType.Of(timer.Entity.Kind).TimerElapsed(timer.Name), new Cause.Timer(timer)));
        }
        while (retries.TryPeek(out var retry, out var due) && due <= now)
        {
            retries.Dequeue();
            engine.Run(retry);
        }
        if (!recovering && scan is null && now + (options.TimerWindow / 2) > engine.Timers.Horizon) ScanTimers(now);
    }

    private void HandOver()
    {
        // Everything that is already here goes along: the batch is as large as the time that writing the last one took.
        while (!engine.IsFull && !recovering && requests.TryDequeue(out var item)) Take(item);
        engine.Settle();
        if (engine.Open.IsEmpty) return;
        var batch = engine.Seal();
        inFlight.Enqueue(batch);
        scan?.Add(batch);
        isEncoding = true;
        committer.Commit(batch);
    }

    private TimeSpan NextWait()
    {
        var most = TimeSpan.FromSeconds(1);
        if (engine.Timers.NextDue() is { } due && clock.Until(due) < most) most = clock.Until(due);
        if (retries.TryPeek(out _, out var retry) && clock.Until(retry) < most) most = clock.Until(retry);
        return most;
    }

    private void OnEncoded() => Post(() =>
    {
        isEncoding = false;
        RecoverIfSettled();
    });

    private void OnDurable(Batch batch)
    {
        var answers = new List<(OpenRequest, Answer)>(batch.Answers.Count);
        foreach (var (ask, answer) in batch.Answers)
        {
            if (open.TryGetValue(ask.Id, out var item)) answers.Add((item, answer));
        }
        Answering.Begin(answers);
        Post(() =>
        {
            if (batch.Number <= durableBatch)
            {
                // Memory was forgotten while it was on its way: what it wrote is read again, and followers hear of it after what stands before it.
                unsettled.Remove(batch.Number);
                unsure.Add(batch);
                RecoverIfSettled();
                return;
            }
            durableBatch = batch.Number;
            inFlight.Dequeue();
            CompleteReads();
            CompleteContenders(batch);
            engine.Durable(batch, options.LiveEntitiesMax);
        });
    }

    private void CompleteContenders(Batch batch)
    {
        foreach (var (number, item) in contenders)
        {
            if (number == batch.Number) item.Complete(new AskResult.IdentityTaken(batch.ClashesWith(item.Request)));
        }
        contenders.RemoveAll(c => c.Batch == batch.Number);
    }
}
