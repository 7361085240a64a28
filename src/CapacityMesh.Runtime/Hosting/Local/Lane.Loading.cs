using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using Microsoft.Extensions.Logging;

namespace CapacityMesh.Runtime.Hosting.Local;

// What stands in the journal and not in memory: entities that turns or readers wait for.
internal sealed partial class Lane
{
    private readonly List<(long Batch, PendingRead Read)> reads = [];
    // Rises whenever memory is forgotten: what was read from the journal before that may be out of date.
    private int epoch;

    private void Read(PendingRead read)
    {
        if (engine.Find(read.Entity) is not { } entity)
        {
            Load(read.Entity, () => Read(read), read.Fail);
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

    private void Load(EntityId entity) => Load(entity, () => { }, _ => { });

    private void Load(EntityId id, Action then, Action<Exception> failed)
    {
        var begun = epoch;
        _ = Task.Run(async () =>
        {
            try
            {
                var stored = await Retry(() => journal.LoadAsync(id, life.Token)).ConfigureAwait(false);
                var entity = stored is null ? null : TurnCodec.Restore(id, stored);
                Post(() =>
                {
                    if (begun == epoch) engine.Loaded(id, entity, stored is null ? [] : Readable(stored.Owed));
                    then();
                });
            }
#pragma warning disable CA1031 // What is stored cannot be read: whoever waits for it is told, and every other entity goes on.
            catch (Exception fault) when (!life.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogLoadFailed(log, id.Kind, fault);
                Post(() =>
                {
                    if (begun == epoch) engine.LoadFailed(id, fault);
                    failed(fault);
                });
            }
        });
    }

    // Tries for as long as the host lives: without the journal there is nothing better to do.
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
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << Math.Min(attempt, 7))), life.Token).ConfigureAwait(false);
            }
        }
    }

    private sealed class PendingRead(EntityId entity)
    {
        private readonly TaskCompletionSource<(object?, long)> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EntityId Entity { get; } = entity;

        public object? State { get; set; }

        public long Version { get; set; }

        public Task<(object? State, long Version)> Result => done.Task;

        public void Complete() => done.TrySetResult((State, Version));

        public void Fail(Exception fault) => done.TrySetException(fault);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be read; trying again")]
    private static partial void LogJournalUnavailable(ILogger log, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} cannot be loaded")]
    private static partial void LogLoadFailed(ILogger log, EntityKind kind, Exception fault);
}
