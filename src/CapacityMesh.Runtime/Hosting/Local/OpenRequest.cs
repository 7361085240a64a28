using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>A request whose answer is not durable yet.</summary>
internal sealed class OpenRequest(MeshRequest request, string askId, long deadline) : IThreadPoolWorkItem
{
    // Whoever awaits goes on within SetResult, on the thread that calls it: so nobody but a thread of the pool may.
    private readonly TaskCompletionSource<AskResult> done = new();
    private AskResult? result;
    private Exception? fault;
    private int settled;

    /// <summary>What was asked.</summary>
    public MeshRequest Request { get; } = request;

    /// <summary>As it enters the engine.</summary>
    public Envelope Envelope { get; } = new(request.Target, request.Command, new Cause.Request(request), new Ask(askId, request.IdempotencyKey));

    /// <summary>When its caller has waited long enough, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>How often it was dropped by a conflict and tried again.</summary>
    public int Attempts { get; set; }

    /// <summary>Completes with the answer, on a thread of the pool.</summary>
    public Task<AskResult> Result => done.Task;

    /// <summary>Completes it; what was told first stands.</summary>
    public void Complete(AskResult answer)
    {
        if (TrySettle(answer, null)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Fails it; what was told first stands.</summary>
    public void Fail(Exception reason)
    {
        if (TrySettle(null, reason)) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Completes it, and runs whoever waits here and now: for threads of the pool.</summary>
    public void CompleteHere(AskResult answer)
    {
        if (TrySettle(answer, null)) Execute();
    }

    /// <inheritdoc/>
    public void Execute()
    {
        if (fault is null) done.SetResult(result!);
        else done.SetException(fault);
    }

    private bool TrySettle(AskResult? answer, Exception? reason)
    {
        if (Interlocked.Exchange(ref settled, 1) == 1) return false;
        (result, fault) = (answer, reason);
        return true;
    }
}
