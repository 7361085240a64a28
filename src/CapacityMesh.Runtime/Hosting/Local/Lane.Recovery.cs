using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Runtime.Hosting.Local;

// What the journal still owes: at the start, and after a batch was refused or its fate is unknown.
internal sealed partial class Lane
{
    private const int PageSize = 1_000;
    // Timers read at once: the journal's largest page; about 30 MB.
    private const int TimersMax = JournalLimits.PageMax;

    // Memory was forgotten while batches were still on their way: the journal is read when all of them are known to have been written, or to have failed.
    private bool mustRecover;
    private readonly HashSet<long> unsettled = [];
    // Batches handed over since the journal's timers are being read; null when they are not.
    private List<Batch>? scan;

    // Dropped by a fault, so that they may have been written all the same, and those written after them: followers must hear of them in their order, or a
    // board would differ from the journal.
    private readonly List<Batch> unsure = [];

    private void RecoverIfSettled()
    {
        if (mustRecover && !isEncoding && unsettled.Count == 0) Recover();
    }

    // While recovering no request is taken, so that nothing new overtakes an effect that waits in the outbox.
    private void Recover()
    {
        (recovering, mustRecover) = (true, false);
        var (until, begun) = (clock.Now + options.TimerWindow, ++epoch);
        Batch[] asked = [.. unsure];
        Keep(async () =>
        {
            var written = new List<Batch>();
            foreach (var batch in asked)
            {
                if (await Retry(() => WasWritten(batch)).ConfigureAwait(false)) written.Add(batch);
            }
            var timers = await TimersUntil(until).ConfigureAwait(false);
            var effects = new List<StoredEffect>();
            for (var after = 0L; ;)
            {
                var from = after;
                var page = await Retry(() => journal.OutboxAsync(from, PageSize, life.Token)).ConfigureAwait(false);
                effects.AddRange(page);
                if (page.Count < PageSize) break;
                after = page[^1].Sequence;
            }
            Post(() =>
            {
                if (begun != epoch) return;
                unsure.Clear();
                foreach (var batch in written) committer.Followers.Tell(batch, fault => LogFollowerFailed(log, fault));
                TakeIn(timers, effects);
            });
        });
    }

    // A batch is written whole or not at all, so one entity of it tells; its bytes, since another host may have written that version in the meantime.
    private async ValueTask<bool> WasWritten(Batch batch)
    {
        if (batch.Turns.Count == 0) return false;
        var entity = batch.Turns[^1].Entity;
        var turns = batch.Turns.FindAll(t => t.Entity.Id == entity.Id);
        var stored = await journal.HistoryAsync(entity.Id, turns[0].Version - 1, 1, life.Token).ConfigureAwait(false);
        return stored.Count > 0 && stored[0].Version == turns[^1].Version && stored[0].Turns.Span.SequenceEqual(TurnCodec.Encode(entity.Machine, turns));
    }

    private void TakeIn((IReadOnlyList<StoredTimer> Due, DateTimeOffset Until) timers, List<StoredEffect> effects)
    {
        engine.Timers.Horizon = timers.Until;
        foreach (var timer in timers.Due) engine.Timers.Set(timer);
        var owed = Readable(effects);
        // Reports first: a turn below may make a newer one of the same pair, which must win.
        foreach (var effect in owed.Where(e => e.IsReport)) engine.Resume(effect);
        foreach (var effect in owed.Where(e => !e.IsReport)) engine.Resume(effect);
        recovering = false;
        Recovered.TrySetResult();
    }

    /// <summary>An effect that was parked waits again.</summary>
    public void TakeUp(StoredEffect effect) => Post(() => Readable([effect]).ForEach(engine.Resume));

    private List<OwedEffect> Readable(IReadOnlyList<StoredEffect> stored)
    {
        var owed = new List<OwedEffect>(stored.Count);
        foreach (var effect in stored)
        {
            try
            {
                owed.Add(OwedEffect.Read(effect));
            }
            catch (JsonException fault)
            {
                // Written by a release that knew more commands, or damaged: kept for somebody to look at, and nobody else waits for it.
                LogTurnFailed(log, effect.Target.Kind, "unreadable command", fault);
                Park(effect.Id, fault);
            }
        }
        return owed;
    }

    // The book covers a window of time, or less when more timers are due in it than one page holds.
    private async Task<(IReadOnlyList<StoredTimer> Due, DateTimeOffset Until)> TimersUntil(DateTimeOffset until)
    {
        var timers = await Retry(() => journal.TimersAsync(until, TimersMax, life.Token)).ConfigureAwait(false);
        return (timers, timers.Count < TimersMax ? until : timers[^1].Due);
    }

    private void ScanTimers(DateTimeOffset now)
    {
        // What is decided and not durable yet is not in what will be read: it is done to the book again.
        scan = [.. inFlight];
        var (until, begun) = (now + options.TimerWindow, epoch);
        Keep(async () =>
        {
            var timers = await TimersUntil(until).ConfigureAwait(false);
            Post(() =>
            {
                if (begun == epoch) Merge(timers.Due, timers.Until);
            });
        });
    }

    private void Merge(IReadOnlyList<StoredTimer> timers, DateTimeOffset until)
    {
        var from = engine.Timers.Horizon;
        // A page full of timers that are due already: they go first, and the next look finds the others.
        if (until > from) engine.Timers.Horizon = until;
        foreach (var timer in timers.Where(t => t.Due > from)) engine.Timers.Set(timer);
        foreach (var batch in scan!) batch.ReplayTimers(engine.Timers);
        engine.Open.ReplayTimers(engine.Timers);
        scan = null;
    }

    // Whatever ends here unseen would leave the host deaf: it is worth the process.
    private void Keep(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException) when (life.IsCancellationRequested)
        {
        }
        catch (Exception fault) when (!life.IsCancellationRequested)
        {
            Post(() => throw new InvalidOperationException("What the journal owes cannot be read.", fault));
        }
    });

    private void OnDropped(Batch batch, CommitResult.Conflict? conflict, Exception? fault) => Post(() =>
    {
        if (fault is not null)
        {
            LogCommitFailed(log, fault);
            unsure.Add(batch);
        }
        IEnumerable<Envelope> dropped = batch.Requests;
        if (batch.Number > durableBatch)
        {
            // Those on their way beside it stand or fall by themselves: what was built on something that was not written conflicts.
            unsettled.UnionWith(inFlight.Where(b => b != batch).Select(b => b.Number));
            inFlight.Clear();
            durableBatch = engine.Open.Number;
            dropped = engine.Drop([batch]);
            Forget();
        }
        else
        {
            unsettled.Remove(batch.Number);
        }
        RecoverIfSettled();
        foreach (var envelope in dropped)
        {
            if (open.TryGetValue(envelope.Ask!.Id, out var item)) DecideFate(item, conflict, fault);
        }
        // An answer that may have been written does not come again, even when its question was durable long before.
        foreach (var (ask, _) in conflict is null ? batch.Answers : [])
        {
            if (open.TryGetValue(ask.Id, out var item)) DecideFate(item, null, fault);
        }
    });

    private void Forget()
    {
        (recovering, mustRecover) = (true, true);
        scan = null;
        retries.Clear();
        var again = reads.Select(r => r.Read).ToArray();
        reads.Clear();
        foreach (var read in again) Read(read);
        foreach (var (_, item) in contenders) requests.Enqueue(item);
        contenders.Clear();
    }

    private void DecideFate(OpenRequest item, CommitResult.Conflict? conflict, Exception? fault)
    {
        if (conflict is null)
        {
            item.Fail(fault as JournalUnavailableException ?? new JournalUnavailableException("The store failed; whether the request was written is not known.", fault));
            return;
        }
        var claims = item.Request.Claims.Where(conflict.Claims.Contains).ToArray();
        if (claims.Length > 0) item.Complete(new AskResult.IdentityTaken(claims));
        else if (conflict.Requests.Contains((item.Request.Target.Workspace, item.Request.IdempotencyKey ?? ""))) item.Complete(new AskResult.KeyTaken());
        else if (++item.Attempts > options.AttemptsMax) item.Fail(new JournalUnavailableException("Somebody else kept writing the same entities."));
        else requests.Enqueue(item);
    }

    private void OnTurnFailed(Envelope envelope, Exception fault)
    {
        LogTurnFailed(log, envelope.Target.Kind, envelope.Command.GetType().Name, fault);
        switch (envelope.Cause)
        {
            case Cause.Request when envelope.Ask is { } ask && open.TryGetValue(ask.Id, out var item):
                item.Fail(fault);
                break;
            case Cause.Effect effect:
                var failed = failures[effect.Id] = failures.GetValueOrDefault(effect.Id) + 1;
                if (failed < options.AttemptsMax)
                {
                    retries.Enqueue(envelope, clock.Now + (options.RetryDelay * (1 << (failed - 1)) * clock.Speed));
                    break;
                }
                if (envelope.Ask is { } asker && open.TryGetValue(asker.Id, out var waiting)) waiting.Fail(fault);
                Park(effect.Id, fault);
                break;
            case Cause.Timer:
                retries.Enqueue(envelope, clock.Now + TimeSpan.FromMinutes(1));
                break;
        }
    }

    // Later effects of the same pair pass: one bad message must not stop an entity for ever.
    private void Park(EffectId effect, Exception fault)
    {
        failures.Remove(effect);
        engine.LetGo(effect);
        Keep(() => Retry(() => journal.ParkAsync(effect, fault.GetType().Name + ": " + fault.Message, life.Token)));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit failed; everything that is not durable is forgotten and comes again from the journal")]
    private static partial void LogCommitFailed(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} failed on {Command}")]
    private static partial void LogTurnFailed(ILogger log, EntityKind kind, string command, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A follower of commits failed; it missed one batch")]
    private static partial void LogFollowerFailed(ILogger log, Exception fault);
}
