using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Routing;

namespace CapacityMesh.Web.LiveBoard;

/// <summary>What a new board is shown.</summary>
internal sealed record BoardSnapshot(long Seq, DateTimeOffset AsOf, string Workspace, IReadOnlyDictionary<string, RawJson> Cards, IReadOnlyList<RawJson> Feed);

/// <summary>What changed since the number before; null means gone.</summary>
internal sealed record BoardDelta(long Seq, DateTimeOffset AsOf, IReadOnlyDictionary<string, RawJson?> Cards, IReadOnlyList<RawJson> Feed);

/// <summary>
/// The board of one workspace. Commits only note who changed; cards are made when the next delta is due, so a busy entity costs one card a delta. Until
/// somebody watches for the first time, only the feed is kept.
/// </summary>
internal sealed class WorkspaceBoard(string workspace, AdviceBook advice)
{
    private const int FeedMax = 100;
    private readonly Lock turn = new();
    private readonly Dictionary<EntityId, (object State, long Version)> entities = [];
    private readonly HashSet<EntityId> changed = [];
    private readonly Dictionary<EntityId, string> names = [];
    private readonly HashSet<EntityId> renamed = [];
    private readonly SortedDictionary<string, RawJson> cards = new(StringComparer.Ordinal);
    private readonly Queue<RawJson> feed = new();
    private readonly Queue<FeedNews> news = new();
    private readonly HashSet<Subscriber> subscribers = [];
    private bool isComplete;
    private long seq;

    public string Workspace => workspace;

    /// <summary>Whether somebody ever watched.</summary>
    public bool IsActive { get; private set; }

    /// <summary>From now on every state is kept.</summary>
    public void Activate()
    {
        lock (turn) IsActive = true;
    }

    /// <summary>Everything that was there before is kept and named: there may be deltas.</summary>
    public void Complete()
    {
        lock (turn) isComplete = true;
    }

    /// <summary>Whether a turn of the entity may change what is seen here; nobody sees anything before the first watcher.</summary>
    public bool Wants(EntityId entity) => IsActive && entity.Kind is not EntityKind.Contact;

    /// <summary>Notes a committed turn.</summary>
    public void Observe(CommittedTurn committed)
    {
        lock (turn)
        {
            foreach (var fact in committed.Events)
            {
                if (FeedWords.Of(committed.Entity, fact, committed.At) is not { } item) continue;
                news.Enqueue(item);
                if (news.Count > FeedMax) news.Dequeue();
            }
            if (!IsActive || committed.Entity.Kind is EntityKind.Lead or EntityKind.Contact) return;
            Keep(committed.Entity, committed.State, committed.Version);
            if (committed.Events.Any(e => e is SalespersonEvent.Configured or CampaignEvent.Configured)) renamed.Add(committed.Entity);
        }
    }

    /// <summary>Notes a state that was read.</summary>
    public void Fill(EntityId entity, object state, long version)
    {
        lock (turn)
        {
            Keep(entity, state, version);
            if (entity.Kind is EntityKind.Salesperson or EntityKind.Campaign) renamed.Add(entity);
        }
    }

    /// <summary>Who was described anew, so that their names must be read.</summary>
    public IReadOnlyList<EntityId> TakeRenamed()
    {
        lock (turn)
        {
            EntityId[] all = [.. renamed];
            renamed.Clear();
            return all;
        }
    }

    /// <summary>Notes a name.</summary>
    public void Name(EntityId entity, string? name)
    {
        lock (turn)
        {
            if (name is null) names.Remove(entity);
            else names[entity] = name;
            changed.Add(entity);
        }
    }

    /// <summary>Time alone changes cards too: look at all of them again.</summary>
    public void LookAgain()
    {
        lock (turn) changed.UnionWith(entities.Keys);
    }

    /// <summary>Makes the cards of what changed and hands the delta to everybody.</summary>
    public void Flush(DateTimeOffset now)
    {
        lock (turn)
        {
            // News told before the names are known would hold ids for good.
            if (!isComplete || (changed.Count == 0 && news.Count == 0)) return;
            var delta = new SortedDictionary<string, RawJson?>(StringComparer.Ordinal);
            foreach (var entity in WithDependents()) Refresh(entity, now, delta);
            changed.Clear();
            RawJson[] lines = [.. news.Select(n => RawJson.Of(n.Named(NameOf)))];
            news.Clear();
            foreach (var line in lines)
            {
                feed.Enqueue(line);
                if (feed.Count > FeedMax) feed.Dequeue();
            }
            if (delta.Count == 0 && lines.Length == 0) return;
            seq++;
            if (subscribers.Count == 0) return;
            var message = RawJson.Of(new BoardDelta(seq, now, delta, lines));
            foreach (var subscriber in subscribers) subscriber.Offer(message);
        }
    }

    /// <summary>Everything, as of the last delta; the subscriber, if any, gets what follows.</summary>
    public RawJson Snapshot(DateTimeOffset now, Subscriber? subscriber)
    {
        lock (turn)
        {
            if (subscriber is not null)
            {
                subscriber.Restart();
                subscribers.Add(subscriber);
            }
            return RawJson.Of(new BoardSnapshot(seq, now, workspace, cards, [.. feed]));
        }
    }

    /// <summary>The subscriber is gone.</summary>
    public void Leave(Subscriber subscriber)
    {
        lock (turn) subscribers.Remove(subscriber);
        subscriber.Close();
    }

    private void Keep(EntityId entity, object state, long version)
    {
        if (entities.TryGetValue(entity, out var known) && known.Version >= version) return;
        entities[entity] = (state, version);
        changed.Add(entity);
    }

    // What Flow measures stands on the cards of pools and campaigns too.
    private IEnumerable<EntityId> WithDependents() =>
        changed.Any(c => c.Kind is EntityKind.Flow) ? changed.Union(entities.Keys.Where(e => e.Kind is EntityKind.Pool or EntityKind.Campaign)) : changed;

    private void Refresh(EntityId entity, DateTimeOffset now, SortedDictionary<string, RawJson?> delta)
    {
        if (!entities.TryGetValue(entity, out var known)) return;
        var key = KeyOf(entity);
        var card = CardOf(entity, known.State, now);
        if (card is null ? !cards.Remove(key) : card.SameAs(cards.GetValueOrDefault(key))) return;
        if (card is not null) cards[key] = card;
        else if (entity.Kind is EntityKind.DeliverySlot) entities.Remove(entity);
        delta[key] = card;
    }

    private RawJson? CardOf(EntityId entity, object state, DateTimeOffset now)
    {
        var flow = entities.TryGetValue(EntityId.Flow(workspace), out var known) ? known.State as FlowState : null;
        var name = names.GetValueOrDefault(entity);
        return state switch
        {
            FlowState s => RawJson.Of(FlowCard.Of(s, advice.Find(workspace, s))),
            PoolState s => RawJson.Of(PoolView.Of(PoolReports.Of(entity.Key, s, now), flow)),
            SalespersonState s => PersonCard.Of(entity.Key, s, name, now) is { } card ? RawJson.Of(card) : null,
            SlotState s => SlotCard.Of(entity.Key, s, now) is { } card ? RawJson.Of(card) : null,
            CampaignState s => RawJson.Of(CampaignCard.Of(entity.Key, s, flow, name)),
            _ => null,
        };
    }

    private string? NameOf(EntityKind kind, string key) => names.GetValueOrDefault(new EntityId(workspace, kind, key));

    private static string KeyOf(EntityId entity) => entity.Kind switch
    {
        EntityKind.Flow => "flow",
        EntityKind.Pool => $"pool/{entity.Key}",
        EntityKind.Salesperson => $"person/{entity.Key}",
        EntityKind.DeliverySlot => $"slot/{entity.Key}",
        EntityKind.Campaign => $"campaign/{entity.Key}",
        _ => throw new InvalidOperationException($"{entity.Kind} has no card."),
    };
}
