using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Simulation.Laws;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>Sees every commit as the journal sees it, whoever else hears of it: keeps the truth, the newest turns, and a digest; and asks the laws.</summary>
internal sealed class Witness(Timeline time)
{
    private const int TrailMax = 60;
    private const int OldEffectsMax = 50;

    private readonly IReadOnlyList<ILaw> laws = LawBook.Open();
    private readonly Dictionary<EntityId, object> truth = [];
    private readonly Queue<object> trail = new();
    private readonly List<string> broken = [];
    private readonly List<StoredEffect> waiting = [];
    private readonly List<StoredEffect> old = [];
    private readonly List<Action<CommittedTurn>> followers = [];
    private MomentWatch? watch;
    private ulong digest = 14695981039346656037UL;

    public Moments Moments { get; } = new();

    /// <summary>Committed states.</summary>
    public IReadOnlyDictionary<EntityId, object> Truth => truth;

    /// <summary>What did not hold, each with its law's name.</summary>
    public IReadOnlyList<string> Broken => broken;

    /// <summary>The newest turns and faults, oldest first.</summary>
    public IReadOnlyList<string> Trail => [.. trail.Select(t => t.ToString()!)];

    /// <summary>A hash of everything that was written, in order.</summary>
    public ulong Digest => digest;

    /// <summary>Turns committed.</summary>
    public long Turns { get; private set; }

    public TState? Find<TState>(EntityId entity) where TState : class => truth.GetValueOrDefault(entity) as TState;

    public void Follow(Action<CommittedTurn> follower) => followers.Add(follower);

    /// <summary>The journal has it.</summary>
    public void Committed(string host, Batch batch, CommitBatch written)
    {
        DigestOf(written);
        Keep(written);
        var commit = new CommitSeen(batch, written);
        foreach (var law in laws) Say(law, law.OnCommit(commit));
        watch ??= new MomentWatch(Moments);
        foreach (var record in batch.Turns)
        {
            var id = record.Entity.Id;
            var turn = new TurnSeen(host, id, record.Version, record.At, record.Envelope.Command, record.Envelope.Cause, truth.GetValueOrDefault(id) ?? MachineType.Of(id.Kind).Initial, record.State, record.Events);
            truth[id] = record.State;
            Turns++;
            Note(turn);
            watch.See(turn);
            foreach (var law in laws) Say(law, law.OnTurn(turn));
        }
        foreach (var (_, answer) in batch.Answers) watch.See(answer);
    }

    /// <summary>The journal refused it: somebody else was faster.</summary>
    public void Refused(string host, CommitResult.Conflict conflict)
    {
        if (conflict.Entities.Count > 0) Moments.Note(Moment.StaleActivationRefused);
        if (conflict.Effects.Count > 0) Moments.Note(Moment.DuplicateEffectDropped);
        if (conflict.Timers.Count > 0) Moments.Note(Moment.DuplicateTimerDropped);
        if (conflict.Requests.Count > 0) Moments.Note(Moment.KeyTaken);
        if (conflict.Claims.Count > 0) Moments.Note(Moment.IdentityTaken);
        Note($"{host} is refused: {conflict.Entities.Count} entities, {conflict.Effects.Count} effects, {conflict.Timers.Count} timers, {conflict.Requests.Count} keys, {conflict.Claims.Count} identities");
    }

    /// <summary>A host tells its followers.</summary>
    public void Follow(Batch batch)
    {
        foreach (var record in batch.Turns)
        {
            var turn = new CommittedTurn(record.Entity.Id, record.Version, record.At, record.Events, record.State);
            foreach (var law in laws) Say(law, law.OnHeard(turn));
            foreach (var follower in followers) follower(turn);
        }
    }

    /// <summary>A host lost what it knew.</summary>
    public void Gap()
    {
        foreach (var law in laws) law.OnGap();
    }

    /// <summary>An answer reached whoever asked.</summary>
    public void Told(MeshRequest request, Answer answer)
    {
        var seen = new AnswerSeen(request, answer, id => truth.GetValueOrDefault(id));
        foreach (var law in laws) Say(law, law.OnAnswer(seen));
    }

    /// <summary>A machine failed: no law of the design allows it.</summary>
    public void TurnFailed(Envelope envelope, Exception fault) =>
        Break($"machines are total: {envelope.Target} failed on {envelope.Command.GetType().Name}: {fault.Message} {fault.StackTrace}");

    public void AtRest(MeshPicture picture)
    {
        foreach (var law in laws) Say(law, law.Violations(picture));
    }

    public void AtEnd(EndSeen end)
    {
        foreach (var law in laws) Say(law, law.AtEnd(end));
    }

    public void Break(string what)
    {
        if (broken.Count < 20) broken.Add($"{time.Now:MM-dd HH:mm:ss.fff} {what}");
    }

    public void Note(object what)
    {
        // The clockwork of a quiet business would push the story out.
        if (what is TurnSeen { Entity.Kind: EntityKind.Flow, Command: not Core.Routing.FlowCommand.Admit }) return;
        trail.Enqueue(what is string text ? $"{time.Now:MM-dd HH:mm:ss.fff} {text}" : what);
        if (trail.Count > TrailMax) trail.Dequeue();
    }

    /// <summary>An effect that had its turn; null when none has.</summary>
    public StoredEffect? OldEffect(Func<int, int> which) => old.Count == 0 ? null : old[which(old.Count)];

    private void Say(ILaw law, IEnumerable<string> violations)
    {
        foreach (var violation in violations) Break($"{law.Name}: {violation}");
    }

    private void Keep(CommitBatch written)
    {
        foreach (var id in written.EffectsConsumed)
        {
            var index = waiting.FindIndex(e => e.Id == id);
            if (index < 0) continue;
            old.Add(waiting[index]);
            waiting.RemoveAt(index);
            if (old.Count > OldEffectsMax) old.RemoveAt(0);
        }
        waiting.AddRange(written.EffectsAdded);
    }

    private void DigestOf(CommitBatch written)
    {
        Mix((ulong)time.Now.UtcTicks);
        foreach (var append in written.Appends)
        {
            Mix(StableHash.Of(append.Entity.Key));
            foreach (var b in append.Turns.Span) digest = (digest ^ b) * 1099511628211UL;
        }
        Mix((ulong)written.EffectsAdded.Count);
    }

    private void Mix(ulong value) => digest = (digest ^ value) * 1099511628211UL;
}
