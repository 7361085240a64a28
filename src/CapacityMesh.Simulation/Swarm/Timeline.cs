namespace CapacityMesh.Simulation.Swarm;

/// <summary>Virtual time: what is planned for one instant happens in the order in which it was planned.</summary>
internal sealed class Timeline(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> future = new();
    private long planned;

    public DateTimeOffset Now { get; private set; } = start;

    public DateTimeOffset Start { get; } = start;

    public void At(DateTimeOffset instant, Action action) => future.Enqueue(action, ((instant < Now ? Now : instant).UtcTicks, planned++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Does the next thing that is planned up to the instant; false when there is none.</summary>
    public bool Step(DateTimeOffset until)
    {
        if (!future.TryPeek(out _, out var next) || next.Ticks > until.UtcTicks) return false;
        if (next.Ticks > Now.UtcTicks) Now = new DateTimeOffset(next.Ticks, TimeSpan.Zero);
        future.Dequeue()();
        return true;
    }
}
