using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster;

/// <summary>A turn whose fate is not known yet.</summary>
/// <param name="turn">What was decided.</param>
/// <param name="source">The turn that caused it, when its effect was handed over before it was durable: this one stands only where that one does.</param>
internal sealed class PendingTurn(TurnRecord turn, PendingTurn? source = null)
{
    private readonly TaskCompletionSource<TurnFate> fate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PendingTurn? source = source;

    public TurnRecord Turn { get; } = turn;

    public Task<TurnFate> Fate => fate.Task;

    /// <summary>The turn that it stands or falls with; null when there is none, or it is durable.</summary>
    public PendingTurn? Source => source is { IsDurable: true } ? source = null : source;

    /// <summary>Whether it was written.</summary>
    public bool IsDurable => Fate.IsCompleted && Fate.Result is TurnFate.Committed;

    /// <summary>Whether it was not written, or nobody knows.</summary>
    public bool IsLost => Fate.IsCompleted && Fate.Result is not TurnFate.Committed;

    /// <summary>The batch that it is in.</summary>
    public Gathering? In { get; set; }

    public void End(TurnFate became)
    {
        // A chain of effects must not keep all that led to it in memory.
        (source, In) = (null, null);
        fate.TrySetResult(became);
    }
}

/// <summary>
/// Turns that may share a batch. Two that consume one effect or timer, open one idempotency key, claim one identity, or were taken on two memories of
/// one entity may not: the journal tells the second of them how it stands once the first is durable.
/// </summary>
internal sealed class Gathering
{
    private readonly Dictionary<EntityId, LiveEntity> entities = [];
    private readonly HashSet<EntityId> closed = [];
    private readonly HashSet<object> causes = [];
    private readonly Dictionary<(string, string), string> claims = [];

    /// <summary>In the order in which they came.</summary>
    public List<PendingTurn> Turns { get; } = [];

    /// <summary>Takes a turn; false when it has to wait for the next batch.</summary>
    public bool TryTake(PendingTurn pending)
    {
        var turn = pending.Turn;
        var id = turn.Entity.Id;
        // A source that is neither durable nor here waits for the next batch itself.
        var isEarly = pending.Source is { } source && source.In != this;
        if (isEarly || closed.Contains(id) || entities.GetValueOrDefault(id, turn.Entity) != turn.Entity || !IsFirst(turn.Envelope.Cause))
        {
            closed.Add(id);
            return false;
        }
        entities[id] = turn.Entity;
        pending.In = this;
        Turns.Add(pending);
        return true;
    }

    private bool IsFirst(Cause cause) => cause switch
    {
        Cause.Effect effect => causes.Add(effect.Id),
        Cause.Timer timer => causes.Add(timer.What),
        Cause.Request { What: var request } => Claims(request.Claims) && (request.IdempotencyKey is not { } key || causes.Add((request.Target.Workspace, key))),
        _ => true,
    };

    private bool Claims(IReadOnlyList<IdentityClaim> asked)
    {
        foreach (var claim in asked)
        {
            if (claims.TryGetValue((claim.Workspace, claim.Identity), out var contact) && contact != claim.Contact) return false;
        }
        foreach (var claim in asked) claims[(claim.Workspace, claim.Identity)] = claim.Contact;
        return true;
    }
}

/// <summary>Who is to blame for a conflict.</summary>
internal sealed class Blame(CommitResult.Conflict conflict)
{
    private readonly HashSet<EntityId> entities = [.. conflict.Entities];
    private readonly HashSet<EffectId> effects = [.. conflict.Effects];
    private readonly HashSet<StoredTimer> timers = [.. conflict.Timers];
    private readonly HashSet<(string, string)> requests = [.. conflict.Requests];
    private readonly HashSet<IdentityClaim> claims = [.. conflict.Claims];

    /// <summary>Why the turn is dropped; null when the conflict does not name it.</summary>
    public TurnFate.Dropped? Of(TurnRecord turn)
    {
        var hasMoved = entities.Contains(turn.Entity.Id);
        var isGone = turn.Envelope.Cause is Cause.Effect effect && effects.Contains(effect.Id) || turn.Envelope.Cause is Cause.Timer timer && timers.Contains(timer.What);
        var request = (turn.Envelope.Cause as Cause.Request)?.What;
        var isTaken = request?.IdempotencyKey is { } key && requests.Contains((request.Target.Workspace, key));
        IdentityClaim[] taken = request is null ? [] : [.. request.Claims.Where(claims.Contains)];
        return hasMoved || isGone || isTaken || taken.Length > 0 ? new TurnFate.Dropped(hasMoved, isGone, isTaken, taken) : null;
    }
}
