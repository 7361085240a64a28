using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Everything that a workspace holds, at rest: as it was decided, and the same again from the journal alone.</summary>
public sealed class MeshPicture
{
    private const int PageSize = 100_000;

    private readonly IJournal journal;
    private readonly Dictionary<EntityId, object> live;
    private readonly Lazy<Dictionary<EntityId, object>> stored;
    private readonly Lazy<IReadOnlyList<StoredTimer>> timers;
    private readonly Lazy<IReadOnlyList<LeadRow>> index;
    private readonly Dictionary<Type, object> byType = [];

    /// <summary>A picture of states as they were decided, and of the journal that they were written to.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="workspace">The one workspace that is looked at.</param>
    /// <param name="now">The latest clock of those that decided.</param>
    /// <param name="live">States by entity.</param>
    /// <param name="isFull">Whether laws may read everything back from the journal, which is slow.</param>
    public MeshPicture(IJournal journal, string workspace, DateTimeOffset now, IEnumerable<KeyValuePair<EntityId, object>> live, bool isFull)
    {
        (this.journal, Workspace, Now, IsFull) = (journal, workspace, now, isFull);
        this.live = live.ToDictionary(e => e.Key, e => e.Value);
        stored = new(() => Keys().ToDictionary(id => id, id => TurnCodec.Restore(id, Wait(journal.LoadAsync(id, default))!).State));
        timers = new(() => Wait(journal.TimersAsync(DateTimeOffset.MaxValue, PageSize, default)));
        index = new(ReadIndex);
    }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The workspace.</summary>
    public string Workspace { get; }

    /// <summary>Whether laws may read everything back from the journal.</summary>
    public bool IsFull { get; }

    /// <summary>States as decided.</summary>
    public IReadOnlyDictionary<EntityId, object> Live => live;

    /// <summary>States restored from the journal.</summary>
    public IReadOnlyDictionary<EntityId, object> Stored => stored.Value;

    /// <summary>Timers that are set.</summary>
    public IReadOnlyList<StoredTimer> Timers => timers.Value;

    /// <summary>Rows of the lead index.</summary>
    public IReadOnlyList<LeadRow> Index => index.Value;

    /// <summary>Contacts that have personal data in the vault.</summary>
    public IReadOnlyList<string> Vault => [.. Wait(journal.Rows.ListAsync(Workspace, RowTables.Vault, null, null, PageSize, default)).Select(r => r.Key.Key).Distinct()];

    /// <summary>Leads by id.</summary>
    public IReadOnlyDictionary<string, LeadState> Leads => Of<LeadState>();

    /// <summary>Pools by id.</summary>
    public IReadOnlyDictionary<string, PoolState> Pools => Of<PoolState>();

    /// <summary>People by id.</summary>
    public IReadOnlyDictionary<string, SalespersonState> People => Of<SalespersonState>();

    /// <summary>Slots by id.</summary>
    public IReadOnlyDictionary<string, SlotState> Slots => Of<SlotState>();

    /// <summary>Campaigns by id.</summary>
    public IReadOnlyDictionary<string, CampaignState> Campaigns => Of<CampaignState>();

    /// <summary>Contacts by id.</summary>
    public IReadOnlyDictionary<string, ContactState> Contacts => Of<ContactState>();

    /// <summary>The workspace's Flow.</summary>
    public FlowState Flow => Of<FlowState>().Values.FirstOrDefault() ?? FlowMachine.Initial;

    /// <summary>Takes a full picture of a virtual host.</summary>
    public static MeshPicture Of(VirtualHost host)
    {
        var keys = Keys(host.Journal, host.Workspace);
        return new MeshPicture(host.Journal, host.Workspace, host.Now, keys.Select(id => KeyValuePair.Create(id, host.Find<object>(id)!)), isFull: true);
    }

    private IEnumerable<EntityId> Keys() => Keys(journal, Workspace);

    private static IEnumerable<EntityId> Keys(IJournal journal, string workspace)
    {
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            foreach (var key in Wait(journal.KeysAsync(workspace, kind, null, PageSize, default))) yield return new EntityId(workspace, kind, key);
        }
    }

    private List<LeadRow> ReadIndex()
    {
        var rows = new List<LeadRow>();
        for (string? before = null; ;)
        {
            var page = Wait(journal.LeadsAsync(new LeadQuery(Workspace, BeforeLeadId: before, Limit: 500), default));
            rows.AddRange(page);
            if (page.Count < 500) return rows;
            before = page[^1].LeadId;
        }
    }

    private Dictionary<string, T> Of<T>() where T : class
    {
        if (byType.TryGetValue(typeof(T), out var known)) return (Dictionary<string, T>)known;
        var found = live.Where(e => e.Value is T).ToDictionary(e => e.Key.Key, e => (T)e.Value);
        byType[typeof(T)] = found;
        return found;
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
