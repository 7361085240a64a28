using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;
using CapacityMesh.Simulation.Business;

namespace CapacityMesh.Simulation;

/// <summary>
/// The third host: the same engine, turn and journal in virtual time, on one thread. What happens at one instant happens in the order it was
/// scheduled in, timers first; so the same seed gives the same run, bit for bit.
/// </summary>
public sealed class VirtualHost : IBusinessWorld, IAsyncDisposable
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> future = new();
    private readonly List<Action<IReadOnlyList<CommittedTurn>>> followers = [];
    private readonly Dictionary<string, Answer> answers = [];
    private readonly MeshEngine engine;
    private readonly PublishedWorld world;
    private long scheduled;
    private readonly bool keepsJournal;
    private DateTimeOffset flowTicked = DateTimeOffset.MinValue;
    private long asked;

    /// <summary>A host at an instant.</summary>
    /// <param name="start">The instant.</param>
    /// <param name="keepsJournal">False for runs that nobody looks back on: turns are taken and heard of, but never encoded, which is most of their cost.</param>
    public VirtualHost(DateTimeOffset start, bool keepsJournal = true)
    {
        Now = start;
        this.keepsJournal = keepsJournal;
        world = new PublishedWorld(_ => null);
        engine = new MeshEngine(world, () => Now) { LoadNeeded = Load, TurnFailed = (envelope, fault) => throw new InvalidOperationException($"A turn of {envelope.Target} failed on {envelope.Command}.", fault) };
    }

    /// <inheritdoc/>
    public DateTimeOffset Now { get; private set; }

    /// <inheritdoc/>
    public string Workspace => "default";

    /// <summary>
    /// The least time between two looks that Flow takes around by itself; zero lets it look as often as it wants. Every report of a pool makes it look too,
    /// so a coarser beat costs a run of weeks nothing but the looks at which nothing had changed.
    /// </summary>
    public TimeSpan FlowTickLeast { get; init; }

    /// <summary>The journal of the run.</summary>
    public MemoryJournal Journal { get; } = new();

    /// <summary>Published facts.</summary>
    public IWorld World => world;

    /// <summary>Turns taken so far.</summary>
    public long TurnsTaken => engine.TurnsTaken;

    /// <inheritdoc/>
    public void Schedule(DateTimeOffset at, Action action) => future.Enqueue(action, ((at < Now ? Now : at).UtcTicks, scheduled++));

    /// <inheritdoc/>
    public void Tell(EntityId target, ICommand command) => Ask(target, command);

    /// <inheritdoc/>
    public void Follow(Action<IReadOnlyList<CommittedTurn>> observer) => followers.Add(observer);

    /// <summary>Starts an entity in a state that it had elsewhere. Only before its first turn, and only without a journal, which would know nothing of it.</summary>
    public void Plant(EntityId entity, object state)
    {
        if (keepsJournal) throw new InvalidOperationException("A planted entity has no history; the journal would refuse its turns.");
        engine.Loaded(entity, new LiveEntity(entity, state, 1));
    }

    /// <summary>Sets a timer of a planted entity.</summary>
    public void Plant(StoredTimer timer) => engine.Timers.Set(timer);

    /// <summary>Asks an entity and commits everything that follows; the answer, if it came at once.</summary>
    public Answer? Ask(EntityId target, ICommand command)
    {
        var ask = new Ask($"sim:{++asked}");
        engine.Run(new Envelope(target, command, new Cause.Request(new MeshRequest(target, command)), ask));
        Commit();
        return answers.Remove(ask.Id, out var answer) ? answer : null;
    }

    /// <summary>The newest state of an entity; null when it never had a turn.</summary>
    public TState? Find<TState>(EntityId entity) where TState : class
    {
        if (engine.Find(entity) is null) Load(entity);
        return engine.Find(entity) is { Version: > 0 } found ? (TState)found.State : null;
    }

    /// <summary>Lets time pass: everything scheduled and every timer up to the instant.</summary>
    /// <param name="until">Where to stop.</param>
    /// <param name="cancel">Stops between two steps; what happened so far stands.</param>
    public void RunUntil(DateTimeOffset until, CancellationToken cancel = default)
    {
        while (!cancel.IsCancellationRequested)
        {
            var timer = engine.Timers.NextDue();
            var planned = future.TryPeek(out _, out var next) ? new DateTimeOffset(next.Ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
            if ((timer is null || timer > until) && (planned is null || planned > until)) break;
            if (timer <= planned || planned is null)
            {
                if (timer > Now) Now = timer.Value;
                if (engine.Timers.TryTake(Now, out var due) && !Postpone(due)) Fire(due);
                continue;
            }
            if (planned > Now) Now = planned.Value;
            future.Dequeue()();
        }
        if (until > Now && !cancel.IsCancellationRequested) Now = until;
    }

    private bool Postpone(StoredTimer timer)
    {
        if (timer.Entity.Kind is not EntityKind.Flow || FlowTickLeast == TimeSpan.Zero) return false;
        var due = flowTicked == DateTimeOffset.MinValue || timer.Due == flowTicked ? timer.Due : flowTicked + FlowTickLeast;
        if (due > Now) engine.Timers.Set(timer with { Due = due });
        else flowTicked = Now;
        return due > Now;
    }

    private void Fire(StoredTimer timer)
    {
        engine.Run(new Envelope(timer.Entity, MachineType.Of(timer.Entity.Kind).TimerElapsed(timer.Name), new Cause.Timer(timer)));
        Commit();
    }

    private void Commit()
    {
        engine.Settle();
        while (engine.HasWork)
        {
            var batch = engine.Seal();
            if (keepsJournal) Write(batch);
            foreach (var (ask, answer) in batch.Answers) answers[ask.Id] = answer;
            if (followers.Count > 0 && batch.Turns.Count > 0)
            {
                var turns = batch.Turns.ConvertAll(t => new CommittedTurn(t.Entity.Id, t.Version, t.At, t.Events, t.State));
                foreach (var follower in followers) follower(turns);
            }
            engine.Settle();
        }
    }

    private void Write(Batch batch)
    {
        var result = Journal.CommitAsync(batch.Encode(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if (result is not CommitResult.Committed) throw new InvalidOperationException($"A run on one thread cannot conflict, but did: {result}.");
    }

    private void Load(EntityId entity)
    {
        var stored = Journal.LoadAsync(entity, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        engine.Loaded(entity, stored is null ? null : TurnCodec.Restore(entity, stored), stored?.Owed.Select(OwedEffect.Read).ToArray());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
