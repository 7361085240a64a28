using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Runtime.Hosting;

/// <summary>
/// What the edge sees of the mesh, on every host: ask an entity, read an entity, follow what is committed. Nothing that was not committed
/// is ever visible here.
/// </summary>
public interface IMesh
{
    /// <summary>
    /// Gives an entity a turn and returns its answer once the turn, and whatever turn it forwarded the question to, is durable.
    /// </summary>
    /// <exception cref="MeshOverloadedException">More requests wait than the host keeps; nothing was done.</exception>
    /// <exception cref="JournalUnavailableException">The store failed; the turn may or may not have been written. Asking again with the same idempotency key is safe.</exception>
    Task<AskResult> AskAsync(MeshRequest request, CancellationToken cancel);

    /// <summary>The committed state of an entity; null when it never had a turn.</summary>
    Task<EntityState<TState>?> ReadAsync<TState>(EntityId entity, CancellationToken cancel) where TState : class;

    /// <summary>Lists, histories, documents and vault rows.</summary>
    IJournal Journal { get; }

    /// <summary>The host's clock and published facts.</summary>
    IWorld World { get; }

    /// <summary>Now, by the host's clock: the instant that turns see.</summary>
    DateTimeOffset Now { get; }

    /// <summary>An effect that was parked waits again: whoever finds such by itself, as a cluster's pumps do, need not be told.</summary>
    void TakeUp(StoredEffect effect)
    {
    }

    /// <summary>Calls back after each commit, in commit order, on one thread; must return fast and not throw. Dispose to stop.</summary>
    /// <param name="observer">Told of every turn that this process committed, and of those of other processes that it wants.</param>
    /// <param name="wants">Whose turns are read though another process committed them, asked when they come by; null for everybody's. What nobody wants costs a name, not a read.</param>
    IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer, Func<EntityId, bool>? wants = null);
}

/// <summary>A question to an entity.</summary>
/// <param name="Target">Who is asked.</param>
/// <param name="Command">What.</param>
public sealed record MeshRequest(EntityId Target, ICommand Command)
{
    /// <summary>When set, repeats of this request are answered with the stored answer. Includes the route, so that one key may serve two routes.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Hash of the request's body: another body under the same key is <see cref="AskResult.KeyReused"/>.</summary>
    public string BodyHash { get; init; } = "";

    /// <summary>Rows written in the same transaction as the turn, if it is not rejected: personal data, documents.</summary>
    public IReadOnlyList<RowChange> Rows { get; init; } = [];

    /// <summary>Identities claimed in the same transaction.</summary>
    public IReadOnlyList<IdentityClaim> Claims { get; init; } = [];

    /// <summary>A contact whose identities are forgotten in the same transaction.</summary>
    public string? DropClaimsOf { get; init; }

    /// <summary>The target was named by this very request, so it cannot have a history yet: it is not looked up.</summary>
    public bool TargetIsNew { get; init; }

    /// <summary>Another entity that was named by this very request, such as the lead that it may become: it is not looked up either.</summary>
    public EntityId? AlsoNew { get; init; }
}

/// <summary>What a question brought.</summary>
public abstract record AskResult
{
    private AskResult() { }

    /// <summary>An answer, now or from the first time.</summary>
    public sealed record Answered(Answer Answer, bool Repeated) : AskResult;

    /// <summary>The idempotency key was used with another body; nothing was done.</summary>
    public sealed record KeyReused : AskResult;

    // Another process opened the key in the meantime: its answer is the answer. Never leaves a host.
    internal sealed record KeyTaken : AskResult;

    /// <summary>An identity was claimed by another contact in the meantime; nothing was done. Resolve again and ask again.</summary>
    public sealed record IdentityTaken(IReadOnlyList<IdentityClaim> Claims) : AskResult;
}

/// <summary>An entity's committed state.</summary>
public sealed record EntityState<TState>(TState State, long Version) where TState : class;

/// <summary>A turn that is durable now.</summary>
/// <param name="Entity">Whose turn.</param>
/// <param name="Version">The version after it.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Events">What happened.</param>
/// <param name="State">The state after it.</param>
public sealed record CommittedTurn(EntityId Entity, long Version, DateTimeOffset At, IReadOnlyList<IEvent> Events, object State);

/// <summary>The host keeps no more waiting requests: come back later.</summary>
public sealed class MeshOverloadedException() : Exception("More requests wait than this host keeps.");
