using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;

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
