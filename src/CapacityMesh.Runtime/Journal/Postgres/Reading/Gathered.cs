namespace CapacityMesh.Runtime.Journal.Postgres.Reading;

/// <summary>
/// Many look-ups by key in one statement: while one is under way the next ones gather, as commits do. A caller reads what was committed before it asked;
/// alone, it waits for nobody.
/// </summary>
/// <param name="read">Reads what is there for some keys, each once.</param>
internal sealed class Gathered<TKey, TValue>(Func<IReadOnlyList<TKey>, ValueTask<IReadOnlyList<(TKey Key, TValue Value)>>> read)
    where TKey : notnull
    where TValue : struct
{
    // A statement of this many keys takes a millisecond or two.
    private const int KeysMax = 256;
    private readonly Lock gate = new();
    private List<Waiting> waiting = [];
    private bool isReading;

    /// <summary>The value of a key; null when there is none.</summary>
    /// <exception cref="JournalUnavailableException">The store failed.</exception>
    public Task<TValue?> FindAsync(TKey key, CancellationToken cancel)
    {
        var mine = new Waiting(key);
        lock (gate)
        {
            waiting.Add(mine);
            if (!isReading)
            {
                isReading = true;
                _ = ReadAsync();
            }
        }
        return cancel.CanBeCanceled ? mine.Found.Task.WaitAsync(cancel) : mine.Found.Task;
    }

    private async Task ReadAsync()
    {
        while (Next() is { } asked)
        {
            try
            {
                var found = (await read([.. asked.Select(a => a.Key).Distinct()])).ToDictionary(f => f.Key, f => f.Value);
                foreach (var one in asked) one.Found.TrySetResult(found.TryGetValue(one.Key, out var value) ? value : null);
            }
#pragma warning disable CA1031 // Whatever it was, each caller is told.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                foreach (var one in asked) one.Found.TrySetException(fault);
            }
        }
    }

    private List<Waiting>? Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                isReading = false;
                return null;
            }
            var asked = waiting.Count <= KeysMax ? waiting : waiting[..KeysMax];
            waiting = waiting.Count <= KeysMax ? [] : waiting[KeysMax..];
            return asked;
        }
    }

    private sealed record Waiting(TKey Key)
    {
        public TaskCompletionSource<TValue?> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
