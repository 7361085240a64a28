using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>What became of a call at one host.</summary>
internal abstract record CallResult
{
    private CallResult() { }

    public sealed record Answered(Answer Answer) : CallResult;

    /// <summary>The store failed, or too many conflicts: nobody knows.</summary>
    public sealed record Unknown : CallResult;

    /// <summary>Somebody else opened the key.</summary>
    public sealed record KeyTaken : CallResult;

    /// <summary>Somebody else claimed the identity.</summary>
    public sealed record IdentityTaken : CallResult;
}

/// <summary>A request under way at a host.</summary>
internal sealed class OpenCall(MeshRequest request, string askId, Action<CallResult> done)
{
    private readonly List<Action<CallResult>> waiting = [done];

    public MeshRequest Request { get; } = request;

    public Envelope Envelope { get; } = new(request.Target, request.Command, new Cause.Request(request), new Ask(askId, request.IdempotencyKey));

    public string AskId { get; } = askId;

    public int Attempts { get; set; }

    /// <summary>The same request came again while it was under way.</summary>
    public void Join(Action<CallResult> other) => waiting.Add(other);

    public void Complete(CallResult result)
    {
        foreach (var tell in waiting) tell(result);
        waiting.Clear();
    }
}
