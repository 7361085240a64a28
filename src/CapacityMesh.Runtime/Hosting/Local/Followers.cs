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

    /// <summary>Tells everybody. One that throws costs itself a batch, never the others their commits.</summary>
    public void Tell(Batch batch, Action<Exception> failed)
    {
        var now = observers;
        if (now.IsEmpty || batch.Turns.Count == 0) return;
        var turns = batch.Turns.ConvertAll(t => new CommittedTurn(t.Entity.Id, t.Version, t.At, t.Events, t.State));
        foreach (var observer in now)
        {
            try
            {
                observer(turns);
            }
#pragma warning disable CA1031 // See the summary.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                failed(fault);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
