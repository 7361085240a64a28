using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Swarm;

// What stands in the journal and not in memory: entities, timers, and effects still owed.
internal sealed partial class Activation
{
    // As the local host's option.
    private const int AttemptsMax = 5;
    private const int PageMax = 100_000;

    // Effects on a slow way, by their pair.
    private readonly Dictionary<(EntityId Source, EntityId Target), Queue<Envelope>> late = [];
    private int loads;

    private void Load(EntityId id)
    {
        var delay = faults.Load();
        // Read now, heard later: another host may write in between.
        var stored = Stored(id);
        if (delay <= TimeSpan.Zero)
        {
            Loaded(id, stored);
            return;
        }
        var (mine, begun) = (life, epoch);
        loads++;
        time.After(delay, () =>
        {
            if (mine != life) return;
            loads--;
            if (begun == epoch) Loaded(id, stored);
            Plan();
        });
    }

    private void Loaded(EntityId id, StoredEntity? stored)
    {
        if (stored is null)
        {
            engine.Loaded(id, null);
            return;
        }
        if (stored.Snapshot is not null) witness.Moments.Note(Moment.LoadedFromSnapshot);
        if (stored.Owed.Count > 0) witness.Moments.Note(Moment.LoadedInDebt);
        engine.Loaded(id, TurnCodec.Restore(id, stored), [.. stored.Owed.Select(OwedEffect.Read)]);
    }

    // While recovering no request is taken, so that nothing new overtakes an effect that waits in the outbox.
    private void Recover()
    {
        recovering = true;
        var (mine, begun) = (life, ++epoch);
        var timers = journal.TimersAsync(DateTimeOffset.MaxValue, PageMax, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        time.After(faults.Latency(), () =>
        {
            if (mine != life || begun != epoch) return;
            var effects = journal.OutboxAsync(0, PageMax, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            foreach (var timer in timers) engine.Timers.Set(timer);
            if (effects.Count > 0) witness.Moments.Note(Moment.OutboxTakenUp);
            foreach (var effect in effects.Where(e => e.IsReport)) engine.Resume(OwedEffect.Read(effect));
            foreach (var effect in effects.Where(e => !e.IsReport)) engine.Resume(OwedEffect.Read(effect));
            recovering = false;
            Plan();
        });
    }

    // As between entities that live on several machines: what is sent to another overtakes it, what is sent after it to the same one does not.
    private bool IsLate(Envelope envelope)
    {
        var pair = (((Cause.Effect)envelope.Cause).Id.Source, envelope.Target);
        if (late.TryGetValue(pair, out var line))
        {
            line.Enqueue(envelope);
            return true;
        }
        var delay = faults.OnItsWay();
        if (delay <= TimeSpan.Zero) return false;
        witness.Moments.Note(Moment.EffectLate);
        late[pair] = line = new Queue<Envelope>([envelope]);
        var begun = epoch;
        time.After(delay, () =>
        {
            // After a restart, or when memory was dropped, it comes again from the journal.
            if (begun != epoch || !IsUp) return;
            // What follows from the first of them may be of the same pair, and stands behind the others.
            while (line.TryDequeue(out var arrived)) engine.Run(arrived);
            late.Remove(pair);
            Plan();
        });
        return true;
    }

    // An effect that had its turn long ago arrives once more.
    private void DeliverAgain()
    {
        if (witness.OldEffect(faults.Which) is { } old) engine.Resume(OwedEffect.Read(old));
    }

    private void Dropped(Batch batch, CommitResult.Conflict? conflict)
    {
        var dropped = engine.Drop([batch]);
        durableBatch = batch.Number + 1;
        (committing, sending, wakeAt, loads) = (null, null, null, 0);
        late.Clear();
        Recover();
        foreach (var envelope in dropped)
        {
            if (open.TryGetValue(envelope.Ask!.Id, out var call)) DecideFate(call, conflict);
        }
        // An answer that may have been written does not come again.
        foreach (var (ask, _) in conflict is null ? batch.Answers : [])
        {
            if (open.TryGetValue(ask.Id, out var call)) Close(call, new CallResult.Unknown());
        }
    }

    private void DecideFate(OpenCall call, CommitResult.Conflict? conflict)
    {
        if (conflict is null) Close(call, new CallResult.Unknown());
        else if (call.Request.Claims.Any(conflict.Claims.Contains)) Close(call, new CallResult.IdentityTaken());
        else if (conflict.Requests.Contains((call.Request.Target.Workspace, call.Request.IdempotencyKey ?? ""))) Close(call, new CallResult.KeyTaken());
        else if (++call.Attempts > AttemptsMax) Close(call, new CallResult.Unknown());
        else requests.Enqueue(call);
    }
}
