using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>
/// Some answers of one batch, given one after the other on one thread of the pool. One work item to each answer would wake threads for work of some
/// microseconds; one for all of them would leave the other processors idle.
/// </summary>
internal sealed class Answering(IReadOnlyList<(OpenRequest Item, Answer Answer)> answers, int from, int to) : IThreadPoolWorkItem
{
    // Below this a second thread costs more than it takes over.
    private const int ShareMin = 8;

    /// <summary>Gives all answers.</summary>
    public static void Begin(IReadOnlyList<(OpenRequest Item, Answer Answer)> answers)
    {
        var share = Math.Max(ShareMin, (answers.Count + Environment.ProcessorCount - 1) / Environment.ProcessorCount);
        for (var from = 0; from < answers.Count; from += share)
        {
            ThreadPool.UnsafeQueueUserWorkItem(new Answering(answers, from, Math.Min(answers.Count, from + share)), preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var i = from; i < to; i++) answers[i].Item.CompleteHere(new AskResult.Answered(answers[i].Answer, Repeated: false));
    }
}
