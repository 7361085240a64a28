using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;

namespace CapacityMesh.Runtime.Engine;

/// <summary>
/// Runs entities in one process, on one thread, without input or output: takes envelopes, lets each turn's effects cause further turns in memory on
/// uncommitted state, and gathers everything into a batch. Whoever drives it seals batches, commits them in order, and loads what is missing.
/// <para>
/// Everything that one request sets off usually ends in one batch: then most effects are never written. Order is total, so "in order per
/// (source, target)" follows. The local host and the simulator are two drivers of this class.
/// </para>
/// </summary>
public sealed class MeshEngine(PublishedWorld world, Func<DateTimeOffset> clock)
{
    // Looks of one call: a batch brings a hundred entities, and each is looked at about twice until it goes.
    private const int EvictLooksMax = 2_000;

    private readonly Dictionary<EntityId, LiveEntity> live = [];
    // Each entity in memory, with when it had last been used as it was put here.
    private readonly Queue<(LiveEntity Entity, long LastUsed)> byAge = new();
    private readonly Dictionary<EntityId, Queue<Envelope>> waitingForLoad = [];
    private Queue<Envelope> ready = new();
    // Effects that have a row in the journal and are on their way here, until the commit that takes the row: read again, they do not come twice.
    private readonly HashSet<EffectId> inHand = [];
    private readonly PendingReports reports = new();
    private Batch batch = new(1);
    private long turnsTaken;

    /// <summary>Timers as decided so far.</summary>
    public TimerBook Timers { get; } = new();

    /// <summary>Called when an entity must be loaded; answer with <see cref="Loaded"/>.</summary>
    public Action<EntityId> LoadNeeded { get; set; } = _ => { };

    /// <summary>Called when a machine failed on a command. The cause stays where it was.</summary>
    public Action<Envelope, Exception> TurnFailed { get; set; } = (_, _) => { };

    /// <summary>
    /// Asked of each effect that is to be delivered, reports excepted; one that is kept is handed in with <see cref="Run"/> later, in the order of its pair.
    /// For a driver between whose entities messages take their time.
    /// </summary>
    public Func<Envelope, bool>? Keeps { get; init; }

    /// <summary>Turns that one batch takes; what follows from them beyond that waits for the next. So no cascade, however long, keeps the driver from loading, committing or stopping.</summary>
    public int BatchTurnsMax { get; init; } = 20_000;

    /// <summary>Whether the batch takes no more turns.</summary>
    public bool IsFull => batch.Count >= BatchTurnsMax;

    /// <summary>Whether there is anything to commit, or to deliver.</summary>
    public bool HasWork => !batch.IsEmpty || ready.Count > 0 || reports.AnyReady;

    /// <summary>The batch that gathers.</summary>
    public Batch Open => batch;

    /// <summary>Entities in memory.</summary>
    public int LiveCount => live.Count;

    /// <summary>Turns taken since the start.</summary>
    public long TurnsTaken => turnsTaken;

    /// <summary>Takes an envelope from outside, and all turns that follow from it, reports excepted.</summary>
    public void Run(Envelope envelope)
    {
        ready.Enqueue(envelope);
        Continue();
    }

    /// <summary>Goes on where a full batch broke off.</summary>
    public void Continue()
    {
        while (!IsFull && ready.TryDequeue(out var next)) Dispatch(next);
    }

    /// <summary>Delivers pending reports until nothing follows any more: once per batch, so that counts cost a turn per batch and not per lead.</summary>
    public void Settle()
    {
        Continue();
        while (!IsFull && reports.TryTake(live.ContainsKey, RequestLoad, out var report)) Run(report);
    }

    /// <summary>
    /// Takes an effect that waits in the journal. Its turn comes with <see cref="Continue"/>, once all that waited are taken: what follows from the first
    /// of them must not overtake the others.
    /// </summary>
    public void Resume(OwedEffect effect)
    {
        if (!inHand.Add(effect.Id)) return;
        if (effect.IsReport) reports.Resume(effect.Id, effect.Envelope);
        else Deliver(effect.Envelope);
    }

    /// <summary>The effect is put aside in the journal: here it has no turn any more, until it is resumed.</summary>
    public void LetGo(EffectId effect) => inHand.Remove(effect);

    /// <summary>Closes the batch; the next one gathers on the states that this one leads to.</summary>
    public Batch Seal()
    {
        var sealedBatch = batch;
        batch = new Batch(sealedBatch.Number + 1, sealedBatch.BuiltOn);
        inHand.UnionWith(sealedBatch.Leaves);
        reports.Sealed();
        return sealedBatch;
    }

    /// <summary>A batch is durable. Lets go of entities that were not used for long, while there are more than the limit.</summary>
    public void Durable(Batch durable, int liveMax)
    {
        foreach (var taken in durable.Takes) inHand.Remove(taken);
        Evict(liveMax, durable.Number);
    }

    /// <summary>An entity in memory with its newest state, durable or not; null when it is not in memory.</summary>
    public LiveEntity? Find(EntityId entity) => live.GetValueOrDefault(entity);

    /// <summary>
    /// An entity as it was stored, or null when it never had a turn; with what it owes. That goes first: another host may have left it, and what this
    /// one lets the entity send must not overtake it.
    /// </summary>
    public void Loaded(EntityId id, LiveEntity? entity, IReadOnlyList<OwedEffect>? owed = null)
    {
        entity ??= LiveEntity.New(id);
        if (entity.State is FlowState flow) world.Publish(id.Workspace, flow);
        // At the end: an older one of the same pair may be ready already, and what the entity sends from now on comes after.
        if (!live.ContainsKey(id))
        {
            Keep(entity);
            foreach (var effect in owed ?? []) Resume(effect);
        }
        reports.Loaded(id);
        if (waitingForLoad.Remove(id, out var waiting))
        {
            // They stood before all that is ready now: what was sent after them must not overtake them.
            foreach (var later in ready) waiting.Enqueue(later);
            ready = waiting;
        }
        Continue();
    }

    /// <summary>What is stored of an entity cannot be read: every turn that waits for it fails.</summary>
    public void LoadFailed(EntityId id, Exception fault)
    {
        reports.LoadFailed(id);
        if (!waitingForLoad.Remove(id, out var waiting)) return;
        foreach (var envelope in waiting) TurnFailed(envelope, fault);
    }

    /// <summary>
    /// Forgets everything that is not durable: the journal refused a batch, or nobody knows whether it was written. Requests that were under way are
    /// returned; effects and timers come again from the journal.
    /// </summary>
    public IReadOnlyList<Envelope> Drop(IEnumerable<Batch> sealedBatches)
    {
        var requests = new List<Envelope>();
        foreach (var dropped in sealedBatches.Append(batch)) requests.AddRange(dropped.Requests);
        requests.AddRange(waitingForLoad.Values.SelectMany(q => q).Concat(ready).Where(e => e.Cause is Cause.Request));
        live.Clear();
        byAge.Clear();
        // A version that was published by a dropped turn may be published by another, with other content.
        world.Forget();
        waitingForLoad.Clear();
        ready.Clear();
        inHand.Clear();
        reports.Clear();
        Timers.Clear();
        batch = new Batch(batch.Number + 1);
        return requests;
    }

    /// <summary>
    /// Lets go of entities that were not used for long, while there are more than the limit; never of one with turns that are not durable. A second chance
    /// (Corbató 1968): whoever was used since the last look stands behind all others again. So it costs a few looks with each batch, and never a pause.
    /// </summary>
    public void Evict(int limit, long durableBatch)
    {
        for (var looks = Math.Min(byAge.Count, EvictLooksMax); live.Count > limit && looks > 0; looks--)
        {
            var (entity, lastUsed) = byAge.Dequeue();
            if (entity.LastUsed == lastUsed && entity.BatchNumber <= durableBatch && MayGo(entity)) live.Remove(entity.Id);
            else byAge.Enqueue((entity, entity.LastUsed));
        }
    }

    // Of the others there are few, and everything needs them.
    private static bool MayGo(LiveEntity entity) => entity.Version == 0 || entity.Id.Kind is EntityKind.Lead or EntityKind.Contact or EntityKind.DeliverySlot;

    private LiveEntity Keep(LiveEntity entity)
    {
        live.Add(entity.Id, entity);
        byAge.Enqueue((entity, entity.LastUsed));
        return entity;
    }

    private void Dispatch(Envelope envelope)
    {
        // What the request itself has named cannot be stored yet; were it, the append's expected version would say so.
        if (envelope.Cause is Cause.Request { What.AlsoNew: { } named } && !live.ContainsKey(named)) Keep(LiveEntity.New(named));
        if (!live.TryGetValue(envelope.Target, out var entity))
        {
            if (envelope.Cause is not Cause.Request { What.TargetIsNew: true })
            {
                Park(envelope);
                return;
            }
            entity = Keep(LiveEntity.New(envelope.Target));
        }
        try
        {
            Take(entity, envelope);
        }
#pragma warning disable CA1031 // A defect of a machine on one command must not stop the others: its cause stays, and the driver decides what becomes of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            TurnFailed(envelope, fault);
        }
    }

    private void Park(Envelope envelope)
    {
        if (waitingForLoad.TryGetValue(envelope.Target, out var queue))
        {
            queue.Enqueue(envelope);
            return;
        }
        waitingForLoad[envelope.Target] = queue = new Queue<Envelope>();
        queue.Enqueue(envelope);
        LoadNeeded(envelope.Target);
    }

    private void RequestLoad(EntityId id)
    {
        if (waitingForLoad.TryAdd(id, new Queue<Envelope>())) LoadNeeded(id);
    }

    private void Take(LiveEntity entity, Envelope envelope)
    {
        var turn = TheTurn.Take(entity, envelope, clock(), world);
        entity.LastUsed = ++turnsTaken;
        batch.Add(turn);
        if (turn.Answer is { } answer && envelope.Ask is { } ask) batch.AddAnswer(entity.Id.Workspace, ask, answer, turn.At);
        PublishProcess(turn);
        for (var ordinal = 0; ordinal < turn.Effects.Count; ordinal++) Apply(turn, ordinal);
    }

    private void Apply(TurnRecord turn, int ordinal)
    {
        var source = turn.Entity.Id;
        switch (turn.Effects[ordinal])
        {
            case Effect.Send send:
                var id = new EffectId(source, turn.Version, ordinal);
                var envelope = new Envelope(send.Target, send.Command, new Cause.Effect(id), send.Ask);
                batch.AddEffect(id, envelope, isReport: false);
                Deliver(envelope);
                break;
            case Effect.Report report:
                reports.Put(batch, new EffectId(source, turn.Version, ordinal), report);
                break;
            case Effect.SetTimer set:
                batch.SetTimer(new TimerId(source, set.Name), set.Due);
                Timers.Set(new StoredTimer(source, set.Name, set.Due));
                break;
            case Effect.ClearTimer clear:
                batch.SetTimer(new TimerId(source, clear.Name), null);
                Timers.Clear(new TimerId(source, clear.Name));
                break;
        }
    }

    private void Deliver(Envelope envelope)
    {
        if (Keeps is null || !Keeps(envelope)) ready.Enqueue(envelope);
    }

    // Later turns may run on a process before the turn that published it is durable; they are committed after it.
    private void PublishProcess(TurnRecord turn)
    {
        if (turn.Entity.Id.Kind is not EntityKind.Flow) return;
        foreach (var fact in turn.Events)
        {
            if (fact is FlowEvent.ProcessDefined defined) world.Publish(turn.Entity.Id.Workspace, defined.Process);
        }
    }
}
