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

    // While recovering no request is taken, so that nothing new overtakes an effect that waits in the outbox.
    private void Recover()
    {
        recovering = true;
        scannedUntil = clock.Now + options.TimerWindow;
        engine.Timers.Horizon = scannedUntil;
        _ = Task.Run(async () =>
        {
            var timers = await Retry(() => journal.TimersAsync(scannedUntil, JournalLimits.PageMax, CancellationToken.None)).ConfigureAwait(false);
            var effects = new List<StoredEffect>();
            for (var after = 0L; ;)
            {
                var from = after;
                var page = await Retry(() => journal.OutboxAsync(from, PageSize, CancellationToken.None)).ConfigureAwait(false);
                effects.AddRange(page);
                if (page.Count < PageSize) break;
                after = page[^1].Sequence;
            }
            Post(() => TakeIn(timers, effects));
        });
    }

    private void TakeIn(IReadOnlyList<StoredTimer> timers, List<StoredEffect> effects)
    {
        foreach (var timer in timers) engine.Timers.Set(timer);
        foreach (var effect in effects)
        {
            var (command, ask) = EffectCodec.Decode(effect.Target, effect.Payload);
            engine.Run(new Envelope(effect.Target, command, new Cause.Effect(effect.Id), ask));
        }
        recovering = false;
        Recovered.TrySetResult();
    }

    private void ScanTimers(DateTimeOffset now)
    {
        var from = scannedUntil;
        scannedUntil = now + options.TimerWindow;
        engine.Timers.Horizon = scannedUntil;
        var until = scannedUntil;
        _ = Task.Run(async () =>
        {
            var timers = await Retry(() => journal.TimersAsync(until, JournalLimits.PageMax, CancellationToken.None)).ConfigureAwait(false);
            Post(() =>
            {
                foreach (var timer in timers.Where(t => t.Due > from)) engine.Timers.Set(timer);
            });
        });
    }

    private void OnDropped(Batch batch, CommitResult.Conflict? conflict, Exception? fault) => Post(() =>
    {
        var dropped = engine.Drop([batch]);
        durableBatch = batch.Number + 1;
        committing = false;
        retries.Clear();
        var again = reads.Select(r => r.Read).ToArray();
        reads.Clear();
        foreach (var read in again) Read(read);
        foreach (var envelope in dropped)
        {
            if (open.TryGetValue(envelope.Ask!.Id, out var item)) DecideFate(item, conflict, fault);
        }
        if (fault is not null) LogCommitFailed(log, fault);
        Recover();
    });

    private void DecideFate(OpenRequest item, CommitResult.Conflict? conflict, Exception? fault)
    {
        if (conflict is null)
        {
            item.Fail(fault as JournalUnavailableException ?? new JournalUnavailableException("The store failed; whether the request was written is not known.", fault));
            return;
        }
        var claims = item.Request.Claims.Where(conflict.Claims.Contains).ToArray();
        if (claims.Length > 0) item.Complete(new AskResult.IdentityTaken(claims));
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
                if (failed < options.AttemptsMax) retries.Enqueue(envelope, clock.Now + TimeSpan.FromMilliseconds(100 << failed));
                else Park(effect.Id, fault);
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
        _ = Task.Run(() => Retry(() => journal.ParkAsync(effect, fault.GetType().Name + ": " + fault.Message, CancellationToken.None)));
    }

    private async Task<T> Retry<T>(Func<ValueTask<T>> read)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (JournalUnavailableException fault)
            {
                LogJournalUnavailable(log, fault);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << Math.Min(attempt, 7)))).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A commit failed; everything that is not durable is forgotten and comes again from the journal")]
    private static partial void LogCommitFailed(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} failed on {Command}")]
    private static partial void LogTurnFailed(ILogger log, EntityKind kind, string command, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be read; trying again")]
    private static partial void LogJournalUnavailable(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A {Kind} cannot be loaded; trying again")]
    private static partial void LogLoadFailed(ILogger log, EntityKind kind, Exception fault);
}
