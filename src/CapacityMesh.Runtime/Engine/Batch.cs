using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Projections;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Engine;

/// <summary>
/// Turns that are committed together, folded as they come: turns of one entity become one append, and an effect or timer that is made and consumed
/// within the batch is never written at all. Built by the engine, then sealed; a sealed batch is only read.
/// </summary>
/// <param name="number">See <see cref="Number"/>.</param>
/// <param name="builtOn">See <see cref="BuiltOn"/>; default: on what is durable.</param>
public sealed class Batch(long number, long? builtOn = null)
{
    private readonly Dictionary<EntityId, EntityTurns> turns = [];
    private readonly List<EntityTurns> order = [];
    private readonly Dictionary<EntityId, long> unchanged = [];
    private readonly Dictionary<EffectId, Envelope> effects = [];
    private readonly List<EffectId> effectOrder = [];
    private readonly HashSet<EffectId> reports = [];
    private readonly List<EffectId> effectsConsumed = [];
    private readonly List<EffectId> reportsConsumed = [];
    private readonly Dictionary<TimerId, DateTimeOffset?> timers = [];
    private readonly List<StoredTimer> timersConsumed = [];
    private readonly Dictionary<(string Workspace, string Key), KeyedRequest> requests = [];
    private readonly List<MeshRequest> requested = [];
    private readonly Dictionary<(string Workspace, string Identity), string> claims = [];

    /// <summary>Rises by one with each batch of an engine.</summary>
    public long Number { get; } = number;

    /// <summary>The first batch since memory was forgotten: this one may have been decided on the turns of any between.</summary>
    public long BuiltOn { get; } = builtOn ?? number;

    /// <summary>Every turn that changed something, in order.</summary>
    public List<TurnRecord> Turns { get; } = [];

    /// <summary>Answers to give once this is durable.</summary>
    public List<(Ask Ask, Answer Answer)> Answers { get; } = [];

    /// <summary>Requests that had their first turn here: asked again if the batch is dropped.</summary>
    public List<Envelope> Requests { get; } = [];

    /// <summary>Turns so far, those included that changed nothing but consumed something.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is nothing to write and nobody to answer.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Effects that leave it: made here, and not consumed.</summary>
    public IReadOnlyCollection<EffectId> Leaves => effects.Keys;

    /// <summary>Effects that came from the journal and are consumed here.</summary>
    public IEnumerable<EffectId> Takes => effectsConsumed.Concat(reportsConsumed);

    /// <summary>Folds a turn in.</summary>
    public void Add(TurnRecord turn)
    {
        Count++;
        Consume(turn);
        if (!turn.Advanced)
        {
            // Decided on what is in memory as well: on an old state, "nothing to do" loses what it answers to.
            unchanged.TryAdd(turn.Entity.Id, turn.Version);
            return;
        }
        if (!turns.TryGetValue(turn.Entity.Id, out var own))
        {
            turns[turn.Entity.Id] = own = new EntityTurns(turn.Entity, turn.Version - 1);
            order.Add(own);
        }
        own.Turns.Add(turn);
        turn.Entity.BatchNumber = Number;
        Turns.Add(turn);
    }

    /// <summary>Notes an effect that a turn made; it is written unless it is consumed before the batch is sealed.</summary>
    public void AddEffect(EffectId id, Envelope envelope, bool isReport)
    {
        effects[id] = envelope;
        effectOrder.Add(id);
        if (isReport) reports.Add(id);
    }

    /// <summary>A report made here was replaced by a newer one. False when it was not made here, so that its row must go another way.</summary>
    public bool DropReport(EffectId id) => effects.Remove(id);

    /// <summary>Sets or, with null, clears a timer.</summary>
    public void SetTimer(TimerId timer, DateTimeOffset? due) => timers[timer] = due;

    /// <summary>Notes an answer; stored when the asker has an idempotency key.</summary>
    public void AddAnswer(string workspace, Ask ask, Answer answer, DateTimeOffset at)
    {
        Answers.Add((ask, answer));
        if (ask.IdempotencyKey is not { } key) return;
        var opened = requests.GetValueOrDefault((workspace, key)).BodyHash;
        requests[(workspace, key)] = new KeyedRequest(opened, answer, at);
    }

    /// <summary>Identities that the request claims and that a turn of this batch claimed for another contact; they clash once this is durable.</summary>
    public IReadOnlyList<IdentityClaim> ClashesWith(MeshRequest request)
    {
        List<IdentityClaim>? clashes = null;
        foreach (var claim in request.Claims)
        {
            if (claims.TryGetValue((claim.Workspace, claim.Identity), out var contact) && contact != claim.Contact) (clashes ??= []).Add(claim);
        }
        return clashes ?? (IReadOnlyList<IdentityClaim>)[];
    }

    /// <summary>Does to a timer book what this batch did: for a book that was read from the journal before this was durable.</summary>
    public void ReplayTimers(TimerBook book)
    {
        foreach (var timer in timersConsumed) book.Clear(new TimerId(timer.Entity, timer.Name));
        foreach (var (timer, due) in timers)
        {
            if (due is { } at) book.Set(new StoredTimer(timer.Entity, timer.Name, at));
            else book.Clear(timer);
        }
    }

    /// <summary>What the journal writes. Encoding is the expensive part of a turn; it happens here, off the engine's thread.</summary>
    public CommitBatch Encode()
    {
        var commit = new CommitBatch();
        foreach (var own in order)
        {
            var bytes = TurnCodec.Encode(own.Entity.Machine, own.Turns);
            var last = own.Turns[^1];
            commit.Appends.Add(new Append(own.Entity.Id, own.ExpectedVersion, last.Version, bytes));
            if (last.State is LeadState lead)
            {
                commit.Leads.Add(LeadRows.Of(own.Entity.Id, lead, last.At));
                // One that was erased before the gate spoke never asked for anything.
                if (lead.Contact.Length > 0 && LeadFacts.IsNews(own.Turns)) commit.Rows.Add(LeadFacts.RowOf(own.Entity.Id, lead));
            }
            AddSnapshot(commit, own.Entity, last, bytes.Length);
        }
        foreach (var (entity, version) in unchanged)
        {
            // An append tells the same of its entity.
            if (!turns.ContainsKey(entity)) commit.Unchanged.Add(new EntityVersion(entity, version));
        }
        foreach (var id in effectOrder)
        {
            if (!effects.TryGetValue(id, out var envelope)) continue;
            commit.EffectsAdded.Add(new StoredEffect(0, id, envelope.Target, reports.Contains(id), EffectCodec.Encode(envelope.Target, envelope.Command, envelope.Ask)));
        }
        commit.EffectsConsumed.AddRange(effectsConsumed);
        commit.ReportsConsumed.AddRange(reportsConsumed);
        commit.TimersConsumed.AddRange(timersConsumed);
        foreach (var (timer, due) in timers)
        {
            if (due is { } at) commit.TimersSet.Add(new StoredTimer(timer.Entity, timer.Name, at));
            else commit.TimersCleared.Add(timer);
        }
        foreach (var ((workspace, key), request) in requests)
        {
            // A bare null beside bytes would become empty bytes: an answer of length zero.
            var reply = request.Answer is { } answer ? EffectCodec.Encode(answer) : (ReadOnlyMemory<byte>?)null;
            commit.Requests.Add(new RequestChange(workspace, key, request.BodyHash, reply, request.At));
        }
        foreach (var request in requested)
        {
            commit.Rows.AddRange(request.Rows);
            commit.Claims.AddRange(request.Claims);
            if (request.DropClaimsOf is { } contact) commit.ClaimsDropped.Add((request.Target.Workspace, contact));
        }
        return commit;
    }

    // A snapshot whenever the tail outgrew it: loading costs at most twice the state, and writing it costs no more than the turns did.
    private static void AddSnapshot(CommitBatch commit, LiveEntity entity, TurnRecord last, int bytes)
    {
        const int tailMin = 16 * 1024;
        entity.TailBytes += bytes;
        if (entity.TailBytes < Math.Max(tailMin, entity.SnapshotBytes)) return;
        var snapshot = TurnCodec.EncodeState(entity.Machine, last.State, last.At);
        commit.Snapshots.Add(new StoredSnapshot(entity.Id, last.Version, snapshot));
        (entity.TailBytes, entity.SnapshotBytes) = (0, snapshot.Length);
    }

    private void Consume(TurnRecord turn)
    {
        switch (turn.Envelope.Cause)
        {
            case Cause.Request { What: var request }:
                Requests.Add(turn.Envelope);
                if (request.IdempotencyKey is { } key)
                {
                    requests[(request.Target.Workspace, key)] = new KeyedRequest(request.BodyHash, Answer: null, turn.At);
                }
                if (turn.Refused) break;
                requested.Add(request);
                foreach (var claim in request.Claims) claims[(claim.Workspace, claim.Identity)] = claim.Contact;
                break;
            case Cause.Effect effect:
                if (!effects.Remove(effect.Id)) (effect.IsReport ? reportsConsumed : effectsConsumed).Add(effect.Id);
                if (effect.Supersedes is { } superseded) effectsConsumed.AddRange(superseded);
                break;
            case Cause.Timer { What: var timer }:
                var id = new TimerId(timer.Entity, timer.Name);
                // Set within this batch and due at once: it was never stored, but one that it replaced may be.
                if (timers.TryGetValue(id, out var due) && due == timer.Due) timers[id] = null;
                else timersConsumed.Add(timer);
                break;
        }
    }

    private readonly record struct KeyedRequest(string? BodyHash, Answer? Answer, DateTimeOffset At);

    private sealed record EntityTurns(LiveEntity Entity, long ExpectedVersion)
    {
        public List<TurnRecord> Turns { get; } = [];
    }
}
