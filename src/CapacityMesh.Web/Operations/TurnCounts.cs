using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Web.Operations;

/// <summary>Counts the turns that this process committed, by machine.</summary>
internal sealed class TurnCounts : IMetricsSource, IDisposable
{
    private readonly long[] turns = new long[Enum.GetValues<EntityKind>().Length];
    private readonly IDisposable follow;

    public TurnCounts(IMesh mesh) => follow = mesh.Follow(Observe, wants: _ => false);

    /// <inheritdoc/>
    public IEnumerable<Metric> Collect() => Enum.GetValues<EntityKind>()
        .Select(k => new Metric("capacitymesh_turns_total", true, "Turns committed.", Interlocked.Read(ref turns[(int)k]), ("machine", EntityId.NameOf(k))));

    /// <inheritdoc/>
    public void Dispose() => follow.Dispose();

    private void Observe(IReadOnlyList<CommittedTurn> committed)
    {
        foreach (var one in committed) Interlocked.Increment(ref turns[(int)one.Entity.Kind]);
    }
}
