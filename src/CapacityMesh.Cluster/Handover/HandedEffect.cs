using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster.Handover;

/// <summary>
/// An effect that goes to an entity of this silo before the turn that made it is durable. The turn that it causes stands only where that one does; most
/// often both are in one batch, and then the effect is never written. Refused, it takes the usual way, once it is durable.
/// </summary>
/// <param name="id">The effect.</param>
/// <param name="envelope">Its command.</param>
/// <param name="source">The turn that made it.</param>
/// <param name="before">The last one of its pair that was handed over.</param>
internal sealed class HandedEffect(EffectId id, Envelope envelope, PendingTurn source, HandedEffect? before)
{
    private readonly TaskCompletionSource<TurnFate> fate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HandedEffect? before = before;

    public EffectId Id { get; } = id;

    public Envelope Envelope { get; } = envelope;

    public PendingTurn Source { get; } = source;

    /// <summary>What became of its turn.</summary>
    public Task<TurnFate> Fate => fate.Task;

    /// <summary>Its turn is durable, or there was nothing left to do.</summary>
    public bool IsDone => Fate.IsCompleted && (Fate.Result is TurnFate.Committed or TurnFate.Dropped { CauseGone: true });

    /// <summary>It has to go the usual way.</summary>
    public bool IsRefused => Fate.IsCompleted && !IsDone;

    /// <summary>Its source was not written, or the one before it was refused, which this one would overtake.</summary>
    public bool IsVain => Source.IsLost || before is { IsRefused: true };

    public void End(TurnFate became)
    {
        fate.TrySetResult(became);
        before = null;
    }

    public void Refuse() => End(TurnFate.Dropped.Along);
}
