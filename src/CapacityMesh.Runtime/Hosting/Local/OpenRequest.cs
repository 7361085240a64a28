using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>A request whose answer is not durable yet.</summary>
internal sealed class OpenRequest(MeshRequest request, string askId)
{
    private readonly TaskCompletionSource<AskResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked.</summary>
    public MeshRequest Request { get; } = request;

    /// <summary>As it enters the engine.</summary>
    public Envelope Envelope { get; } = new(request.Target, request.Command, new Cause.Request(request), new Ask(askId, request.IdempotencyKey));

    /// <summary>How often it was dropped by a conflict and tried again.</summary>
    public int Attempts { get; set; }

    /// <summary>Completes with the answer.</summary>
    public Task<AskResult> Result => done.Task;

    public void Complete(AskResult result) => done.TrySetResult(result);

    public void Fail(Exception fault) => done.TrySetException(fault);
}
