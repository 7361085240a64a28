using System.Collections.Concurrent;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using Orleans.Runtime;

namespace CapacityMesh.Cluster.Edge;

/// <summary>Where answers that another entity gives arrive: one at each edge.</summary>
public interface IAnswers : IGrainObserver
{
    /// <summary>The answer is durable.</summary>
    void Give(string ask, byte[] answer);

    /// <summary>Nobody will answer: the question was parked.</summary>
    void GiveUp(string ask, string why);
}

/// <summary>
/// Questions of this edge that wait for their answer. An ask's id names the edge, so that whichever grain answers, on whichever silo, knows where to;
/// an answer that gets lost stands in the journal under the idempotency key, if there is one.
/// </summary>
internal sealed class Answers : IAnswers
{
    private const char Separator = '|';
    private readonly ConcurrentDictionary<string, TaskCompletionSource<AskResult>> open = new(StringComparer.Ordinal);
    private readonly string address;
    private long asked;

    public Answers(IGrainFactory grains, ClusterServices services)
    {
        address = grains.CreateObjectReference<IAnswers>(this).GetGrainId().ToString();
        services.Asked = this;
    }

    /// <summary>Questions under way.</summary>
    public int Count => open.Count;

    /// <summary>Opens a question.</summary>
    public (Ask Ask, Task<AskResult> Answer) Open(string? idempotencyKey)
    {
        var ask = new Ask($"{address}{Separator}{Interlocked.Increment(ref asked)}", idempotencyKey);
        var answer = open[ask.Id] = new TaskCompletionSource<AskResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return (ask, answer.Task);
    }

    /// <summary>Nobody waits for it any more.</summary>
    public void Close(Ask ask) => open.TryRemove(ask.Id, out _);

    /// <inheritdoc/>
    public void Give(string ask, byte[] answer)
    {
        if (open.TryGetValue(ask, out var waiting)) waiting.TrySetResult(new AskResult.Answered(EffectCodec.DecodeAnswer(answer), Repeated: false));
    }

    /// <inheritdoc/>
    public void GiveUp(string ask, string why)
    {
        if (open.TryGetValue(ask, out var waiting)) waiting.TrySetException(new InvalidOperationException(why));
    }

    /// <summary>Gives an answer to a question of this very edge; false when another one asked.</summary>
    public bool Give(Ask ask, Answer answer)
    {
        if (!ask.Id.StartsWith(address, StringComparison.Ordinal) || ask.Id[address.Length] != Separator) return false;
        if (open.TryGetValue(ask.Id, out var waiting)) waiting.TrySetResult(new AskResult.Answered(answer, Repeated: false));
        return true;
    }

    /// <summary>Sends an answer to where its question came from.</summary>
    public static void Give(IGrainFactory grains, Ask ask, Answer answer) => EdgeOf(grains, ask)?.Give(ask.Id, EffectCodec.Encode(answer));

    /// <summary>Tells that there will be none.</summary>
    public static void GiveUp(IGrainFactory grains, Ask ask, string why) => EdgeOf(grains, ask)?.GiveUp(ask.Id, why);

    // Null: asked on another host over the same journal.
    private static IAnswers? EdgeOf(IGrainFactory grains, Ask ask)
    {
        var at = ask.Id.LastIndexOf(Separator);
        return at > 0 && GrainId.TryParse(ask.Id[..at], out var edge) ? grains.GetGrain<IAnswers>(edge) : null;
    }
}
