namespace CapacityMesh.Web.Operations;

/// <summary>
/// Work that one member of a deployment does for all: what calls the outside world, and would call it as often as there are members. On one machine the
/// one process always has it.
/// </summary>
public interface IDuty
{
    /// <summary>Whether this member has it now.</summary>
    bool IsMine { get; }

    /// <summary>Returns once this member has it. The token is cancelled when it has lost it.</summary>
    Task<CancellationToken> TakeAsync(CancellationToken cancel);
}

/// <summary>There is nobody else.</summary>
internal sealed class SoleMember : IDuty
{
    /// <inheritdoc/>
    public bool IsMine => true;

    /// <inheritdoc/>
    public Task<CancellationToken> TakeAsync(CancellationToken cancel) => Task.FromResult(CancellationToken.None);
}
