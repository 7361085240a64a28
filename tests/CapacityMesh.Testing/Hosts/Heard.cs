using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Testing;

/// <summary>What a follower heard so far; it may be asked while the host tells.</summary>
public sealed class Heard
{
    private readonly Lock gate = new();
    private readonly List<(EntityId Entity, long Version)> turns = [];

    /// <summary>Turns heard.</summary>
    public int Count { get { lock (gate) return turns.Count; } }

    /// <summary>The follower.</summary>
    public void Add(IReadOnlyList<CommittedTurn> told)
    {
        lock (gate) turns.AddRange(told.Select(turn => (turn.Entity, turn.Version)));
    }

    /// <summary>Of every entity heard of, the versions as they came.</summary>
    public ILookup<EntityId, long> Versions()
    {
        lock (gate) return turns.ToLookup(turn => turn.Entity, turn => turn.Version);
    }

    /// <summary>Waits until the last turn of every entity in the store was heard.</summary>
    public Task AllAsync(IMesh mesh) => Business.EventuallyAsync("all is heard", async () =>
    {
        var heard = Versions();
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            foreach (var key in await mesh.Journal.KeysAsync(Business.Workspace, kind, null, 500, default))
            {
                var entity = new EntityId(Business.Workspace, kind, key);
                if (!heard[entity].Contains((await mesh.Journal.LoadAsync(entity, default))!.Version)) return false;
            }
        }
        return true;
    });

    /// <summary>Each turn of each entity came once, in order.</summary>
    public void AssertInOrder()
    {
        foreach (var entity in Versions()) Assert.Equal(Enumerable.Range(1, entity.Count()).Select(v => (long)v), entity);
    }
}
