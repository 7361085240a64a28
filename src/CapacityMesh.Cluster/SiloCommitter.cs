using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CapacityMesh.Cluster.Edge;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster;

/// <summary>
/// Makes the turns of a silo's grains durable, many in one transaction: while one batch is being committed the next one gathers, as in the local host.
/// Turns of one entity are committed in the order in which they came. When a batch conflicts, the turns that are to blame are dropped, with every turn
/// on the same memory, and the others are written without them: grains are strangers to each other, and none pays for another's race.
/// </summary>
public sealed class SiloCommitter : IAsyncDisposable
{
    private readonly Channel<PendingTurn> waiting = Channel.CreateUnbounded<PendingTurn>(new UnboundedChannelOptions { SingleReader = true });
    // Memory that is known to be out of date: turns on it that are still on their way must not be written, not even if their version fits by chance.
    private readonly ConditionalWeakTable<LiveEntity, object> lost = [];
    private readonly IJournal journal;
    private readonly OwnTurns own;
    private readonly int turnsMax;
    private readonly Task loop;
    private List<PendingTurn> deferred = [];
    private long batches;
    private long turns;

    /// <summary>Begins to commit.</summary>
    internal SiloCommitter(IJournal journal, OwnTurns own, int turnsMax)
    {
        (this.journal, this.own, this.turnsMax) = (journal, own, turnsMax);
        loop = Task.Run(RunAsync);
    }

    /// <summary>Commits so far.</summary>
    public long Batches => Volatile.Read(ref batches);

    /// <summary>Turns committed so far.</summary>
    public long Turns => Volatile.Read(ref turns);

    /// <summary>The last commit failed; cleared by the next one that works.</summary>
    public bool IsFaulted { get; private set; }

    /// <summary>
    /// Makes a turn durable, after every earlier one of its entity, and with or after the one that caused it. Bounded by its callers: each grain waits for
    /// its requests.
    /// </summary>
    internal PendingTurn Commit(TurnRecord turn, PendingTurn? source)
    {
        var pending = new PendingTurn(turn, source);
        if (!waiting.Writer.TryWrite(pending)) pending.End(new TurnFate.Unknown(new JournalUnavailableException("The silo has ended.")));
        return pending;
    }

    /// <summary>Commits what has come, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
    }

    private async Task RunAsync()
    {
        while (deferred.Count > 0 || await waiting.Reader.WaitToReadAsync())
        {
            var gathered = new Gathering();
            var again = deferred;
            deferred = [];
            foreach (var turn in again) Take(gathered, turn);
            while (gathered.Turns.Count < turnsMax && waiting.Reader.TryRead(out var turn)) Take(gathered, turn);
            await CommitAsync(gathered.Turns);
        }
    }

    private void Take(Gathering gathered, PendingTurn turn)
    {
        if (lost.TryGetValue(turn.Turn.Entity, out _)) turn.End(TurnFate.Dropped.Along);
        else if (turn.Source is { IsLost: true }) Drop(turn, TurnFate.Dropped.Along);
        // Whatever would meet its own kind in this batch waits for the next, and everything of its entity behind it.
        else if (!gathered.TryTake(turn)) deferred.Add(turn);
    }

    private async Task CommitAsync(List<PendingTurn> pending)
    {
        while (pending.Count > 0)
        {
            var batch = Fold(pending);
            var written = own.Begin(batch);
            try
            {
                var commit = batch.Encode();
                var result = commit.IsEmpty ? CommitResult.Committed.Instance : await journal.CommitAsync(commit, CancellationToken.None);
                IsFaulted = false;
                if (result is not CommitResult.Conflict conflict)
                {
                    written.End();
                    End(pending, commit);
                    return;
                }
                written.Drop();
                pending = Without(conflict, pending);
            }
#pragma warning disable CA1031 // Whatever went wrong, the batch's fate is unknown: its memory is forgotten, and the truth read again.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                IsFaulted = true;
                written.Drop();
                var unknown = fault as JournalUnavailableException ?? new JournalUnavailableException("The store failed; whether the turn was written is not known.", fault);
                foreach (var turn in pending) Drop(turn, new TurnFate.Unknown(unknown));
                return;
            }
        }
    }

    private Batch Fold(List<PendingTurn> pending)
    {
        var batch = new Batch(++batches);
        var reports = new Dictionary<(EntityId, EntityId), EffectId>();
        foreach (var item in pending)
        {
            var turn = item.Turn;
            var id = turn.Entity.Id;
            batch.Add(turn);
            if (turn.Answer is { } answer && turn.Envelope.Ask is { } ask) batch.AddAnswer(id.Workspace, ask, answer, turn.At);
            for (var ordinal = 0; ordinal < turn.Effects.Count; ordinal++) Fold(batch, reports, turn, new EffectId(id, turn.Version, ordinal));
        }
        return batch;
    }

    private static void Fold(Batch batch, Dictionary<(EntityId, EntityId), EffectId> reports, TurnRecord turn, EffectId id)
    {
        switch (turn.Effects[id.Ordinal])
        {
            case Effect.Send send:
                batch.AddEffect(id, new Envelope(send.Target, send.Command, new Cause.Effect(id), send.Ask), isReport: false);
                break;
            case Effect.Report report:
                // Of the reports of one pair only the newest is worth a row, and a turn of its target.
                if (reports.TryGetValue((id.Source, report.Target), out var older)) batch.DropReport(older);
                reports[(id.Source, report.Target)] = id;
                batch.AddEffect(id, new Envelope(report.Target, report.Command, new Cause.Effect(id)), isReport: true);
                break;
            case Effect.SetTimer set:
                batch.SetTimer(new TimerId(id.Source, set.Name), set.Due);
                break;
            case Effect.ClearTimer clear:
                batch.SetTimer(new TimerId(id.Source, clear.Name), null);
                break;
        }
    }

    private void End(List<PendingTurn> pending, CommitBatch commit)
    {
        turns += pending.Count;
        var effects = commit.EffectsAdded.ToLookup(e => (e.Id.Source, e.Id.Version));
        foreach (var turn in pending)
        {
            var own = turn.Turn.Advanced ? effects[(turn.Turn.Entity.Id, turn.Turn.Version)].ToArray() : [];
            turn.End(new TurnFate.Committed(own));
        }
    }

    // At least one turn is to blame for each name in the conflict, so that this comes to an end.
    private List<PendingTurn> Without(CommitResult.Conflict conflict, List<PendingTurn> pending)
    {
        var blamed = new Blame(conflict);
        var rest = new List<PendingTurn>(pending.Count);
        foreach (var turn in pending)
        {
            if (blamed.Of(turn.Turn) is { } fate) Drop(turn, fate);
        }
        foreach (var turn in pending)
        {
            if (turn.Fate.IsCompleted) continue;
            if (lost.TryGetValue(turn.Turn.Entity, out _)) turn.End(TurnFate.Dropped.Along);
            // What it answers to was not written. A source stands before what it caused.
            else if (turn.Source is { IsLost: true }) Drop(turn, TurnFate.Dropped.Along);
            else rest.Add(turn);
        }
        return rest.Count < pending.Count ? rest : throw new InvalidOperationException("A conflict that nobody is to blame for.");
    }

    private void Drop(PendingTurn turn, TurnFate fate)
    {
        lost.AddOrUpdate(turn.Turn.Entity, this);
        turn.End(fate);
    }
}
