using CapacityMesh.Cluster.Edge;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CapacityMesh.Cluster.Grains;

/// <summary>
/// Gives an entity its placement and its mailbox, and adds no meaning: 1 load, 2 take the shared turn, 3 hand its effects to entities of this silo, whose
/// turns stand only with this one, 4 commit with the silo's other turns, 5 only then reply, and send the effects that were not handed over. Reentrant
/// at the commit alone: the next turn starts on the state of the one that is being committed, so a busy pool takes many turns per commit. The journal
/// is the truth: whoever loses a race there forgets everything that was piled on it.
/// </summary>
[Reentrant]
public abstract partial class EntityGrain : Grain, IEntityGrain
{
    private readonly ClusterServices services;
    private readonly EntityId id;
    private readonly Outgoing outgoing;
    private Task<LiveEntity>? loading;
    private bool hasHistory;

    /// <summary>Called by the runtime, once for each activation.</summary>
    protected EntityGrain(ClusterServices services, IGrainContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        this.services = services;
        id = EntityId.Parse(context.GrainId.Key.ToString()!);
        outgoing = new Outgoing(services, () => GrainFactory);
    }

    /// <inheritdoc/>
    public async Task<TurnReply> AskAsync(AskLetter letter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(letter);
        try
        {
            var (request, ask) = letter;
            var entity = await EntityAsync(request.TargetIsNew);
            // The caller no longer waits: nothing was done, and nothing is.
            cancel.ThrowIfCancellationRequested();
            return await CommitAsync(await TakeAsync(entity, new Envelope(id, request.Command, new Cause.Request(request), ask)));
        }
        catch (JournalUnavailableException fault)
        {
            return new TurnReply(TurnOutcome.Unavailable, Why: fault.Message);
        }
#pragma warning disable CA1031 // A defect on one command is its caller's answer; the entity goes on.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(services.Log, id.Kind, fault);
            return new TurnReply(TurnOutcome.Failed, Why: fault.GetType().Name + ": " + fault.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryReply> DeliverAsync(EffectLetter[] letters)
    {
        ArgumentNullException.ThrowIfNull(letters);
        var fates = new List<Task<TurnFate>>(letters.Length);
        var (stop, why) = (DeliveryStop.None, (string?)null);
        foreach (var letter in letters)
        {
            try
            {
                var (command, ask) = EffectCodec.Decode(id, letter.Payload);
                // A lead is opened once: if it has a history after all, the commit says so.
                var entity = await EntityAsync(isNew: command is LeadCommand.Open);
                fates.Add(RunAsync(await TakeAsync(entity, new Envelope(id, command, new Cause.Effect(letter.ToEffectId(), IsReport: letter.IsReport), ask))));
            }
#pragma warning disable CA1031 // A defect on one command: its sender decides what becomes of it.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                (stop, why) = fault is JournalUnavailableException ? (DeliveryStop.Again, null) : (DeliveryStop.Failed, fault.GetType().Name + ": " + fault.Message);
                if (stop is DeliveryStop.Failed) LogFailed(services.Log, id.Kind, fault);
                break;
            }
        }
        var done = 0;
        foreach (var fate in await Task.WhenAll(fates))
        {
            if (fate is not (TurnFate.Committed or TurnFate.Dropped { CauseGone: true })) return new DeliveryReply(done, DeliveryStop.Again);
            done++;
        }
        return new DeliveryReply(done, stop, why);
    }

    /// <inheritdoc/>
    public async Task<bool> ElapseAsync(TimerLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        try
        {
            var entity = await EntityAsync(isNew: false);
            var timer = new StoredTimer(id, letter.Name, letter.Due);
            var fate = await RunAsync(await TakeAsync(entity, new Envelope(id, entity.Machine.TimerElapsed(letter.Name), new Cause.Timer(timer))));
            return fate is TurnFate.Committed or TurnFate.Dropped;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
#pragma warning disable CA1031 // A defect on one timer: the pump tries again, later.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFailed(services.Log, id.Kind, fault);
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task OweAsync()
    {
        try
        {
            outgoing.Resume(await services.Journal.OwedByAsync(id, JournalLimits.PageMax, CancellationToken.None));
        }
        catch (JournalUnavailableException)
        {
            // The pump asks again.
        }
    }

    // A machine is pure: a turn that was broken off left nothing behind.
    private async ValueTask<TurnRecord> TakeAsync(LiveEntity entity, Envelope envelope)
    {
        for (var hasLearned = false; ; hasLearned = true)
        {
            try
            {
                return TheTurn.Take(entity, envelope, services.Clock.Now, services.Seen);
            }
            catch (ProcessUnseenException unseen) when (!hasLearned)
            {
                await services.LearnAsync(unseen.Workspace);
            }
        }
    }

    private Task<LiveEntity> EntityAsync(bool isNew)
    {
        if (loading is { IsFaulted: false } known) return known;
        return loading = isNew && !hasHistory ? Task.FromResult(LiveEntity.New(id)) : LoadAsync();
    }

    private async Task<LiveEntity> LoadAsync()
    {
        var stored = await services.Journal.LoadAsync(id, CancellationToken.None);
        // What an earlier activation left unsent goes first.
        if (stored is not null) outgoing.Resume(stored.Owed);
        return stored is null ? LiveEntity.New(id) : TurnCodec.Restore(id, stored);
    }

    private async Task<TurnReply> CommitAsync(TurnRecord turn)
    {
        switch (await RunAsync(turn, replies: false))
        {
            case TurnFate.Committed:
                return turn.Answer is { } answer ? new TurnReply(TurnOutcome.Answered, answer) : new TurnReply(TurnOutcome.Forwarded);
            case TurnFate.Unknown unknown:
                return new TurnReply(TurnOutcome.Unavailable, Why: unknown.Fault.Message);
            case TurnFate.Dropped { Taken: { Count: > 0 } taken }:
                return new TurnReply(TurnOutcome.IdentityTaken, Taken: [.. taken.Select(t => t.Identity)]);
            case TurnFate.Dropped { KeyTaken: true }:
                return new TurnReply(TurnOutcome.KeyTaken);
            default:
                return new TurnReply(TurnOutcome.Conflict);
        }
    }

    private async Task<TurnFate> RunAsync(TurnRecord turn, bool replies = true, PendingTurn? source = null)
    {
        var pending = newest = services.Committer.Commit(turn, source);
        outgoing.Begin(pending);
        var fate = await pending.Fate;
        outgoing.End(pending, fate);
        if (fate is not TurnFate.Committed) Forget(turn.Entity, fate);
        else if (replies && turn.Envelope.Ask is { } ask && turn.Answer is { } answer) services.Give(GrainFactory, ask, answer);
        return fate;
    }

    private void Forget(LiveEntity entity, TurnFate fate)
    {
        hasHistory = true;
        if (loading is { IsCompletedSuccessfully: true } known && known.Result == entity) loading = null;
        // Written by somebody else: perhaps another activation, and then this one should not be here. What it still owed, the next one reads.
        if (fate is TurnFate.Dropped { EntityMoved: false }) return;
        outgoing.Close();
        DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Kind} failed")]
    private static partial void LogFailed(ILogger log, EntityKind kind, Exception fault);
}
