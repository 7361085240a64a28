using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Runtime.Journal;

/// <summary>Gathers everything in which a batch conflicts, so that its caller can drop all of it at once instead of trying again and again.</summary>
internal sealed class Conflicts
{
    private List<EntityId>? entities;
    private List<EffectId>? effects;
    private List<StoredTimer>? timers;
    private List<(string Workspace, string Key)>? requests;
    private List<IdentityClaim>? claims;

    /// <summary>Whether anything conflicts.</summary>
    public bool Any { get; private set; }

    /// <summary>The stored version is not the expected one.</summary>
    public void Add(EntityId entity) => Add(ref entities, entity);

    /// <summary>The effect was consumed, or replaced by a later report.</summary>
    public void Add(EffectId effect) => Add(ref effects, effect);

    /// <summary>The timer is gone, or is due at another time.</summary>
    public void Add(StoredTimer timer) => Add(ref timers, timer);

    /// <summary>The key was opened before.</summary>
    public void Add(string workspace, string key) => Add(ref requests, (workspace, key));

    /// <summary>Another contact has the identity.</summary>
    public void Add(IdentityClaim claim) => Add(ref claims, claim);

    /// <summary>The result that names them all.</summary>
    public CommitResult.Conflict ToResult() => new(entities ?? [], effects ?? [], timers ?? [], requests ?? [], claims ?? []);

    private void Add<T>(ref List<T>? list, T item)
    {
        Any = true;
        (list ??= []).Add(item);
    }
}
