using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using CapacityMesh.Simulation.Faults;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>
/// One host over the shared journal, in virtual time and with faults between any two steps: the local host's cycle with the real engine, codec and
/// clock. It pipelines as that one does: turns go on in memory while a batch is on its way to the journal.
/// </summary>
internal sealed partial class Activation
{
    private readonly Timeline time;
    private readonly MemoryJournal journal;
    private readonly FaultSource faults;
    private readonly Witness witness;
    private readonly Queue<OpenCall> requests = new();
    private readonly Dictionary<string, OpenCall> open = [];
    private readonly Dictionary<string, OpenCall> keyed = [];
    private readonly string name;
    private MeshEngine engine = null!;
    private MeshClock clock = null!;
    private SkewedTime machine = null!;
    private Batch? committing;
    private Sending? sending;
    private DateTimeOffset? wakeAt;
    private long asked;
    private long durableBatch;
    private int life;
    private int epoch;
    private bool recovering;

    public Activation(string name, Timeline time, MemoryJournal journal, FaultSource faults, Witness witness)
    {
        (this.name, this.time, this.journal, this.faults, this.witness) = (name, time, journal, faults, witness);
        Start();
        JumpHourly();
    }

    public bool IsUp { get; private set; }

    /// <summary>By its own clock.</summary>
    public DateTimeOffset Now => clock.Now;

    /// <summary>Nothing is under way here.</summary>
    public bool IsIdle => IsUp && !recovering && committing is null && !engine.HasWork && requests.Count == 0 && open.Count == 0 && loads == 0 && !(engine.Timers.NextDue() <= clock.Now);

    /// <summary>Turns taken in all its lives.</summary>
    public long TurnsTaken { get; private set; }

    public void Submit(MeshRequest request, Action<CallResult> done)
    {
        // A dead host answers nobody; whoever asked finds out by waiting.
        if (!IsUp) return;
        if (request.IdempotencyKey is { } key && keyed.TryGetValue(key, out var same))
        {
            same.Join(done);
            return;
        }
        var call = new OpenCall(request, $"{name}.{life}:{++asked}", done);
        open[call.AskId] = call;
        if (request.IdempotencyKey is { } mine) keyed[mine] = call;
        requests.Enqueue(call);
        Wake(TimeSpan.Zero);
    }

    /// <summary>Dies and comes back at once, with a clock that is right: how the liveness phase begins.</summary>
    public void Restart()
    {
        if (sending is { IsWritten: false } sent) sent.IsLost = true;
        if (IsUp) Die();
        Start();
    }

    private void Start()
    {
        life++;
        IsUp = true;
        machine = new SkewedTime(time, faults.Skew());
        clock = new MeshClock(machine);
        var now = clock;
        engine = new MeshEngine(new PublishedWorld(LoadFlow), () => now.Now) { LoadNeeded = Load, TurnFailed = witness.TurnFailed, BatchTurnsMax = faults.Plan.BatchTurnsMax };
        durableBatch = 0;
        Recover();
    }

    // The numbered cycle of the local host, in one step of virtual time.
    private void Cycle()
    {
        wakeAt = null;
        if (Crashes(CrashPoint.Gathering)) return;
        engine.Continue();
        TakeRequests();
        FireTimers();
        if (engine.HasWork && committing is null && !HandOver()) return;
        Plan();
    }

    private void TakeRequests()
    {
        while (!recovering && !engine.IsFull && requests.TryDequeue(out var call))
        {
            engine.Run(call.Envelope);
            if (committing is null) break;
        }
    }

    private void FireTimers()
    {
        var now = clock.Now;
        while (!engine.IsFull && engine.Timers.TryTake(now, out var timer))
        {
            engine.Run(new Envelope(timer.Entity, MachineType.Of(timer.Entity.Kind).TimerElapsed(timer.Name), new Cause.Timer(timer)));
        }
    }

    // False when the host died on the way.
    private bool HandOver()
    {
        if (faults.DeliversTwice()) DeliverAgain();
        engine.Settle();
        if (engine.Open.IsEmpty) return true;
        if (engine.IsFull) witness.Moments.Note(Moment.BatchFull);
        var batch = committing = engine.Seal();
        var sent = sending = new Sending();
        if (Crashes(CrashPoint.BeforeCommit)) return false;
        var mine = life;
        time.After(faults.Latency(), () => Write(batch, sent, mine));
        return true;
    }

    private void Write(Batch batch, Sending sent, int mine)
    {
        sent.IsWritten = true;
        if (sent.IsLost) return;
        var (fate, result) = (faults.Fate(), (CommitResult?)null);
        if (fate is not JournalFate.Refuses)
        {
            var commit = batch.Encode();
            result = commit.IsEmpty ? CommitResult.Committed.Instance : journal.CommitAsync(commit, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            if (result is CommitResult.Committed) witness.Committed(name, batch, commit);
            else witness.Refused(name, (CommitResult.Conflict)result);
        }
        if (fate is not JournalFate.Works)
        {
            witness.Gap();
            witness.Moments.Note(fate is JournalFate.Refuses ? Moment.JournalRefused : Moment.JournalWroteAndFailed);
            result = null;
        }
        // The host may be dead by now, and what it would have told nobody hears.
        if (mine != life) return;
        time.After(faults.Latency(), () =>
        {
            if (mine == life) Hear(batch, result);
        });
    }

    private void Hear(Batch batch, CommitResult? result)
    {
        if (result is not CommitResult.Committed)
        {
            Dropped(batch, result as CommitResult.Conflict);
            return;
        }
        if (Crashes(CrashPoint.BeforeDispatch)) return;
        witness.Follow(batch);
        if (Crashes(CrashPoint.BeforeAnswers)) return;
        foreach (var (ask, answer) in batch.Answers)
        {
            if (open.TryGetValue(ask.Id, out var call)) Close(call, new CallResult.Answered(answer));
        }
        durableBatch = batch.Number;
        (committing, sending) = (null, null);
        TurnsTaken += batch.Count;
        engine.Durable(batch, faults.Plan.LiveMax);
        Plan();
    }

    private bool Crashes(CrashPoint point)
    {
        if (!faults.Crashes()) return false;
        witness.Moments.Note(point switch
        {
            CrashPoint.Gathering => Moment.CrashWhileGathering,
            CrashPoint.BeforeCommit => Moment.CrashBeforeCommit,
            CrashPoint.BeforeDispatch => Moment.CrashBetweenCommitAndDispatch,
            _ => Moment.CrashBeforeAnswers,
        });
        witness.Note($"{name} dies: {point}");
        // Handed over and not yet written: it may still arrive, or not.
        if (sending is { IsWritten: false } sent) sent.IsLost = !faults.StillArrives();
        Die();
        time.After(faults.Down(), () =>
        {
            if (!IsUp) Start();
        });
        return true;
    }

    private void Die()
    {
        IsUp = false;
        life++;
        witness.Gap();
        (committing, sending, wakeAt, loads) = (null, null, null, 0);
        requests.Clear();
        open.Clear();
        keyed.Clear();
    }

    private void Close(OpenCall call, CallResult result)
    {
        open.Remove(call.AskId);
        if (call.Request.IdempotencyKey is { } key) keyed.Remove(key);
        call.Complete(result);
    }

    // Wakes when there is something to do, and not more often.
    private void Plan()
    {
        if (!IsUp) return;
        if (committing is null && (engine.HasWork || (requests.Count > 0 && !recovering))) Wake(TimeSpan.Zero);
        else if (engine.Timers.NextDue() is { } due && !engine.IsFull) Wake(clock.Until(due));
    }

    private void Wake(TimeSpan delay)
    {
        var at = time.Now + delay;
        if (wakeAt <= at) return;
        wakeAt = at;
        var mine = life;
        time.At(at, () =>
        {
            if (mine == life && wakeAt == at) Cycle();
        });
    }

    private void JumpHourly() => time.After(TimeSpan.FromHours(1), () =>
    {
        var jump = faults.Jump();
        if (jump != TimeSpan.Zero)
        {
            witness.Moments.Note(jump > TimeSpan.Zero ? Moment.ClockSetForward : Moment.ClockSetBack);
            machine.Skew = jump;
            if (IsUp) Plan();
        }
        JumpHourly();
    });

    private FlowState? LoadFlow(string workspace)
    {
        var id = Core.Kernel.EntityId.Flow(workspace);
        return Stored(id) is { } stored ? (FlowState)TurnCodec.Restore(id, stored).State : null;
    }

    private StoredEntity? Stored(Core.Kernel.EntityId id) => journal.LoadAsync(id, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private sealed class Sending
    {
        public bool IsLost { get; set; }

        public bool IsWritten { get; set; }
    }
}
