using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster.Edge;

/// <summary>The mesh as the edge of a cluster sees it: questions go to grains, on whichever silo they are; reads go to the journal.</summary>
public sealed class ClusterMesh(IGrainFactory grains, ClusterServices services, FeedFollower feed) : IMesh
{
    // From an eighth of the usual delay to twice it: a silo takes seconds to leave.
    private const int PauseDoublingsMax = 4;

    private readonly KeyedAsks keyed = new(services.Journal, services.Limits.AnswerTimeout);
    private readonly Lazy<Answers> answers = new(() => new Answers(grains, services));
    private volatile bool stopping;

    /// <inheritdoc/>
    public IJournal Journal => services.Journal;

    /// <inheritdoc/>
    public IWorld World => services.World;

    /// <inheritdoc/>
    public DateTimeOffset Now => services.Clock.Now;

    /// <summary>Requests under way.</summary>
    public int RequestsUnderWay => answers.IsValueCreated ? answers.Value.Count : 0;

    /// <summary>Takes no more requests.</summary>
    public void Stop() => stopping = true;

    /// <inheritdoc/>
    public IDisposable Follow(Action<IReadOnlyList<CommittedTurn>> observer, Func<EntityId, bool>? wants = null) => feed.Follow(observer, wants);

    /// <inheritdoc/>
    public async Task<EntityState<TState>?> ReadAsync<TState>(EntityId entity, CancellationToken cancel)
        where TState : class =>
        await services.States.ReadAsync(entity, cancel) is { } found ? new EntityState<TState>((TState)found.State, found.Version) : null;

    /// <inheritdoc/>
    public async Task<AskResult> AskAsync(MeshRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.IdempotencyKey is { } key) return await keyed.AskAsync(request, key, () => AskOnceAsync(request, cancel), cancel);
        return await AskOnceAsync(request, cancel) ?? throw new InvalidOperationException("A key was taken that nobody gave.");
    }

    // Null when the idempotency key was opened elsewhere.
    private async Task<AskResult?> AskOnceAsync(MeshRequest request, CancellationToken cancel)
    {
        if (stopping || answers.Value.Count >= services.Limits.RequestsMax) throw new MeshOverloadedException();
        var (ask, answer) = answers.Value.Open(request.IdempotencyKey);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(services.Limits.AnswerTimeout);
        try
        {
            return await ReplyAsync(request, ask, answer, patience.Token);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested && fault is OperationCanceledException or TimeoutException or OrleansException)
        {
            throw new JournalUnavailableException("The answer is not durable in time, or the silo that had the question is gone.", fault);
        }
        finally
        {
            answers.Value.Close(ask);
        }
    }

    private async Task<AskResult?> ReplyAsync(MeshRequest request, Ask ask, Task<AskResult> answer, CancellationToken cancel)
    {
        var letter = new AskLetter(request, ask);
        for (var attempt = 1; ; attempt++)
        {
            var reply = await InsistAsync(letter, cancel);
            switch (reply.Outcome)
            {
                case TurnOutcome.Answered:
                    return new AskResult.Answered(reply.Answer!, Repeated: false);
                case TurnOutcome.Forwarded:
                    return await answer.WaitAsync(cancel);
                case TurnOutcome.KeyTaken:
                    return null;
                case TurnOutcome.IdentityTaken:
                    return new AskResult.IdentityTaken([.. request.Claims.Where(c => reply.Taken!.Contains(c.Identity))]);
                case TurnOutcome.Conflict when attempt < services.Limits.AttemptsMax:
                    break;
                case TurnOutcome.Failed:
                    throw new InvalidOperationException(reply.Why);
                default:
                    throw new JournalUnavailableException(reply.Why ?? "Somebody else kept writing the same entity.");
            }
        }
    }

    // The silo that had the question left, or does not take it: another one is home to its target, now or soon. For as long as the caller has patience.
    private async Task<TurnReply> InsistAsync(AskLetter letter, CancellationToken cancel)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await grains.MailboxOf(letter.Request.Target).AskAsync(letter, cancel);
            }
            catch (OrleansMessageRejectionException fault) when (!stopping && MayInsist(letter.Request, fault))
            {
                await Task.Delay(services.Limits.RetryDelay * (1 << Math.Min(failures, PauseDoublingsMax)) / 8, cancel);
            }
        }
    }

    // A silo that is gone may have committed the question, or handed it on: under a key its turn is taken once, and without one nobody could tell.
    // Any other rejection comes from whoever did not take it.
    private static bool MayInsist(MeshRequest request, OrleansMessageRejectionException fault) => request.IdempotencyKey is not null || fault is not SiloUnavailableException;
}
