using System.Collections.Immutable;
using CapacityMesh.Runtime.Engine;

namespace CapacityMesh.Runtime.Hosting.Local;

/// <summary>Who is told of commits, in commit order.</summary>
internal sealed class Followers
{
    private ImmutableArray<Action<IReadOnlyList<CommittedTurn>>> observers = [];

    public IDisposable Add(Action<IReadOnlyList<CommittedTurn>> observer)
    {
        ImmutableInterlocked.Update(ref observers, list => list.Add(observer));
        return new Subscription(() => ImmutableInterlocked.Update(ref observers, list => list.Remove(observer)));
    }

    public void Tell(Batch batch)
    {
        var now = observers;
        if (now.IsEmpty || batch.Turns.Count == 0) return;
        var turns = batch.Turns.ConvertAll(t => new CommittedTurn(t.Entity.Id, t.Version, t.At, t.Events, t.State));
        foreach (var observer in now) observer(turns);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
