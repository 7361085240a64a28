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

    private int loads;

    private void Load(EntityId id)
    {
        var delay = faults.Load();
        if (delay <= TimeSpan.Zero)
        {
            engine.Loaded(id, Restore(id));
            return;
        }
        var (mine, begun) = (life, epoch);
        loads++;
        // Read now, heard later: another host may write in between.
        var entity = Restore(id);
        time.After(delay, () =>
        {
            if (mine != life) return;
            loads--;
            if (begun == epoch) engine.Loaded(id, entity);
            Plan();
        });
    }

    private LiveEntity? Restore(EntityId id)
    {
        if (Stored(id) is not { } stored) return null;
        if (stored.Snapshot is not null) witness.Moments.Note(Moment.LoadedFromSnapshot);
        return TurnCodec.Restore(id, stored);
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
            foreach (var effect in effects.Where(e => e.IsReport)) Resume(effect);
            foreach (var effect in effects.Where(e => !e.IsReport)) Resume(effect);
            recovering = false;
            Plan();
        });
    }

    private void Resume(StoredEffect effect)
    {
        var (command, ask) = EffectCodec.Decode(effect.Target, effect.Payload);
        engine.Resume(effect.Id, new Envelope(effect.Target, command, new Cause.Effect(effect.Id), ask), effect.IsReport);
    }

    // An effect that had its turn long ago arrives once more.
    private void DeliverAgain()
    {
        if (witness.OldEffect(faults.Which) is { } old) Resume(old);
    }

    private void Dropped(Batch batch, CommitResult.Conflict? conflict)
    {
        var dropped = engine.Drop([batch]);
        durableBatch = batch.Number + 1;
        (committing, sending, wakeAt, loads) = (null, null, null, 0);
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
