using System.Threading.Channels;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

/// <summary>Rows whose readers a test can hold, after they have read and before they hear what.</summary>
public sealed class StagedRows(IRowStore inner) : IRowStore
{
    private volatile Hold? hold;

    /// <summary>Readers of a table wait until they are released.</summary>
    public Hold HoldReadersOf(string table) => hold = new Hold(table);

    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(RowKey key, CancellationToken cancel)
    {
        var found = await inner.GetAsync(key, cancel);
        await PassAsync(key.Table, cancel);
        return found;
    }

    public async ValueTask<IReadOnlyList<StoredRow>> ListAsync(string workspace, string table, string? key, RowKey? after, int limit, CancellationToken cancel)
    {
        var found = await inner.ListAsync(workspace, table, key, after, limit, cancel);
        await PassAsync(table, cancel);
        return found;
    }

    public ValueTask ApplyAsync(IReadOnlyList<RowChange> changes, CancellationToken cancel) => inner.ApplyAsync(changes, cancel);

    public ValueTask AddAsync(RowKey key, ReadOnlyMemory<byte> value, CancellationToken cancel) => inner.AddAsync(key, value, cancel);

    private Task PassAsync(string table, CancellationToken cancel) => hold is { } held && held.Table == table ? held.PassAsync(cancel) : Task.CompletedTask;

    /// <summary>Readers that wait.</summary>
    public sealed class Hold(string table)
    {
        private readonly Channel<bool> arrived = Channel.CreateUnbounded<bool>();
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whose readers.</summary>
        public string Table => table;

        /// <summary>Returns when so many have read and wait.</summary>
        public async Task ArrivedAsync(int readers = 1)
        {
            for (var i = 0; i < readers; i++) await arrived.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(15));
        }

        /// <summary>All go on, and whoever comes later.</summary>
        public void Release() => released.TrySetResult();

        internal async Task PassAsync(CancellationToken cancel)
        {
            arrived.Writer.TryWrite(true);
            await released.Task.WaitAsync(cancel);
        }
    }
}
