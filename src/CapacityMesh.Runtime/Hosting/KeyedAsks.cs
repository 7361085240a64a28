using System.Collections.Concurrent;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Hosting;

/// <summary>Requests under an idempotency key: asked once, however often and at however many edges they arrive; every caller hears the first answer.</summary>
/// <param name="journal">Where answers are kept.</param>
/// <param name="patience">How long a repeat waits for the first one's answer.</param>
public sealed class KeyedAsks(IJournal journal, TimeSpan patience)
{
    // Long against a commit, short against a caller's patience.
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<(string Workspace, string Key), (string BodyHash, Task<AskResult> Result)> open = new();

    /// <summary>Asks, unless the answer is known; null from <paramref name="ask"/> means that the key was opened elsewhere meanwhile.</summary>
    /// <exception cref="JournalUnavailableException">The store failed, or the first request has no answer in time.</exception>
    public async Task<AskResult> AskAsync(MeshRequest request, string key, Func<Task<AskResult?>> ask, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(ask);
        var id = (request.Target.Workspace, key);
        var mine = new TaskCompletionSource<AskResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = open.GetOrAdd(id, (request.BodyHash, mine.Task));
        if (held.Result != mine.Task)
        {
            if (held.BodyHash != request.BodyHash) return new AskResult.KeyReused();
            var first = await held.Result.WaitAsync(cancel).ConfigureAwait(false);
            return first is AskResult.Answered answered ? answered with { Repeated = true } : first;
        }
        try
        {
            AskResult? result = null;
            while (result is null) result = await StoredAsync(request, key, cancel).ConfigureAwait(false) ?? await AskAndLookAsync(request, key, ask, cancel).ConfigureAwait(false);
            mine.TrySetResult(result);
            return result;
        }
        catch (Exception fault)
        {
            mine.TrySetException(fault);
            _ = mine.Task.Exception;
            throw;
        }
        finally
        {
            open.TryRemove(id, out _);
        }
    }

    // Another process may answer in our place, or the answer get lost on its way here: then it stands in the journal all the same.
    private async Task<AskResult?> AskAndLookAsync(MeshRequest request, string key, Func<Task<AskResult?>> ask, CancellationToken cancel)
    {
        var asked = ask();
        while (await Task.WhenAny(asked, Task.Delay(LookEvery, cancel)).ConfigureAwait(false) != asked)
        {
            cancel.ThrowIfCancellationRequested();
            if (await journal.RequestAsync(request.Target.Workspace, key, cancel).ConfigureAwait(false) is not { Reply: { } reply }) continue;
            _ = asked.ContinueWith(late => _ = late.Exception, TaskScheduler.Default);
            return new AskResult.Answered(EffectCodec.DecodeAnswer(reply), Repeated: false);
        }
        return await asked.ConfigureAwait(false);
    }

    // Opened but not answered: the process ended in between, and the answer is on its way through the outbox.
    private async Task<AskResult?> StoredAsync(MeshRequest request, string key, CancellationToken cancel)
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(50))
        {
            if (await journal.RequestAsync(request.Target.Workspace, key, cancel).ConfigureAwait(false) is not { } stored) return null;
            if (stored.BodyHash != request.BodyHash) return new AskResult.KeyReused();
            if (stored.Reply is { } reply) return new AskResult.Answered(EffectCodec.DecodeAnswer(reply), Repeated: true);
            if (waited >= patience) throw new JournalUnavailableException("The first request under this key has no answer yet.");
            await Task.Delay(50, cancel).ConfigureAwait(false);
        }
    }
}
