namespace CapacityMesh.Cluster.Handover;

/// <summary>
/// Where an activation takes what is handed over within its silo: in the order of arrival, one after the other, on the activation's own scheduler, so
/// that its turns stay single-threaded. Until the activation is there, what comes waits.
/// </summary>
internal sealed class Mailbox
{
    private readonly Lock gate = new();
    private readonly Queue<HandedEffect> waiting = [];
    private TaskScheduler? scheduler;
    private Func<HandedEffect, Task>? take;
    private bool isTaking;
    private bool isClosed;

    /// <summary>Whether an activation of this silo takes from it.</summary>
    public bool IsOpen => take is not null;

    /// <summary>The activation is there.</summary>
    public void Open(TaskScheduler on, Func<HandedEffect, Task> with)
    {
        lock (gate)
        {
            (scheduler, take) = (on, with);
            Begin();
        }
    }

    /// <summary>Hands over; false when nobody takes any more.</summary>
    public bool TryPost(HandedEffect effect)
    {
        lock (gate)
        {
            if (isClosed) return false;
            waiting.Enqueue(effect);
            Begin();
            return true;
        }
    }

    /// <summary>Takes no more; what waits goes the usual way.</summary>
    public void Close()
    {
        HandedEffect[] left;
        lock (gate)
        {
            isClosed = true;
            left = [.. waiting];
            waiting.Clear();
        }
        foreach (var effect in left) effect.Refuse();
    }

    private void Begin()
    {
        if (isTaking || take is null || waiting.Count == 0) return;
        isTaking = true;
        _ = Task.Factory.StartNew(static mailbox => ((Mailbox)mailbox!).TakeAsync(), this, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler!);
    }

    private async Task TakeAsync()
    {
        while (Next() is { } effect) await take!(effect);
    }

    private HandedEffect? Next()
    {
        lock (gate)
        {
            if (waiting.TryDequeue(out var effect)) return effect;
            isTaking = false;
            return null;
        }
    }
}
