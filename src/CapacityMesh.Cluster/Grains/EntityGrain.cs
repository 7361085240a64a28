using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using Orleans.Runtime;

namespace CapacityMesh.Cluster.Grains;

/// <summary>
/// Gives an entity its placement and its mailbox, and adds no meaning: 1 load on activation, 2 take the shared turn, 3 commit with the expected
/// version, 4 only then reply and deliver. The journal is the truth: whoever loses a race there forgets everything and is activated anew.
/// Not reentrant, so no turn piles up on one that is not durable.
/// </summary>
public abstract class EntityGrain(ClusterServices services) : Grain
{
    private LiveEntity entity = null!;
    private long batches;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = EntityId.Parse(this.GetPrimaryKeyString());
        var stored = await services.Journal.LoadAsync(id, cancellationToken);
        entity = stored is null ? LiveEntity.New(id) : TurnCodec.Restore(id, stored);
        await base.OnActivateAsync(cancellationToken);
    }

    /// <inheritdoc cref="IEntityGrain.AskAsync"/>
    public async Task<TurnReply> AskAsync(AskLetter letter)
    {
        var (request, ask) = RowsBeside.Read(entity.Id, letter);
        var turn = Take(new Envelope(entity.Id, request.Command, new Cause.Request(request), ask));
        if (!await CommitAsync(turn)) return new TurnReply(TurnOutcome.Conflict, null);
        return turn.Answer is { } answer
            ? new TurnReply(TurnOutcome.Answered, EffectCodec.Encode(answer))
            : new TurnReply(TurnOutcome.Forwarded, null);
    }

    /// <inheritdoc cref="IEntityGrain.DeliverAsync"/>
    public Task DeliverAsync(EffectLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var (command, ask) = EffectCodec.Decode(entity.Id, letter.Payload);
        // A repeat conflicts, because its row is gone; nothing is written, and that is all there is to say about it.
        return CommitAsync(Take(new Envelope(entity.Id, command, new Cause.Effect(letter.ToEffectId()), ask)));
    }

    /// <inheritdoc cref="IEntityGrain.ElapseAsync"/>
    public Task ElapseAsync(TimerLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var timer = new StoredTimer(entity.Id, letter.Name, letter.Due);
        return CommitAsync(Take(new Envelope(entity.Id, entity.Machine.TimerElapsed(letter.Name), new Cause.Timer(timer))));
    }

    private TurnRecord Take(Envelope envelope) => TheTurn.Take(entity, envelope, services.Clock.Now, services.World);

    private async Task<bool> CommitAsync(TurnRecord turn)
    {
        var commit = Fold(turn).Encode();
        try
        {
            if (await services.Journal.CommitAsync(commit, CancellationToken.None) is CommitResult.Conflict)
            {
                DeactivateOnIdle();
                return false;
            }
        }
        catch
        {
            // Whether it was written is not known: the next activation reads the truth.
            DeactivateOnIdle();
            throw;
        }
        foreach (var effect in commit.EffectsAdded) GrainFactory.MailboxOf(effect.Target).DeliverAsync(EffectLetter.Of(effect)).Ignore();
        return true;
    }

    private Batch Fold(TurnRecord turn)
    {
        var batch = new Batch(++batches);
        batch.Add(turn);
        if (turn.Answer is { } answer && turn.Envelope.Ask is { } ask) batch.AddAnswer(entity.Id.Workspace, ask, answer, turn.At);
        for (var ordinal = 0; ordinal < turn.Effects.Count; ordinal++)
        {
            var id = new EffectId(entity.Id, turn.Version, ordinal);
            switch (turn.Effects[ordinal])
            {
                case Effect.Send send:
                    batch.AddEffect(id, new Envelope(send.Target, send.Command, new Cause.Effect(id), send.Ask), isReport: false);
                    break;
                case Effect.Report report:
                    batch.AddEffect(id, new Envelope(report.Target, report.Command, new Cause.Effect(id)), isReport: true);
                    break;
                case Effect.SetTimer set:
                    batch.SetTimer(new TimerId(entity.Id, set.Name), set.Due);
                    break;
                case Effect.ClearTimer clear:
                    batch.SetTimer(new TimerId(entity.Id, clear.Name), null);
                    break;
            }
        }
        return batch;
    }
}
