using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Everything that a host holds, at rest: from memory, and the same again from the journal alone.</summary>
public sealed class MeshPicture
{
    private readonly Dictionary<EntityId, object> live = [];
    private readonly Dictionary<EntityId, object> stored = [];

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>States in memory.</summary>
    public IReadOnlyDictionary<EntityId, object> Live => live;

    /// <summary>States restored from the journal.</summary>
    public IReadOnlyDictionary<EntityId, object> Stored => stored;

    /// <summary>Timers that are set.</summary>
    public required IReadOnlyList<StoredTimer> Timers { get; init; }

    /// <summary>Rows of the lead index.</summary>
    public required IReadOnlyList<LeadRow> Index { get; init; }

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

    /// <summary>Takes the picture.</summary>
    public static MeshPicture Of(VirtualHost host)
    {
        var journal = host.Journal;
        var picture = new MeshPicture { Now = host.Now, Timers = Wait(journal.TimersAsync(DateTimeOffset.MaxValue, PageSize, default)), Index = ReadIndex(host) };
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            foreach (var key in KeysOf(host, kind))
            {
                var id = new EntityId(host.Workspace, kind, key);
                picture.stored[id] = TurnCodec.Restore(id, Wait(journal.LoadAsync(id, default))!).State;
                picture.live[id] = host.Find<object>(id) ?? MachineType.Of(kind).Initial;
            }
        }
        return picture;
    }

    private const int PageSize = 100_000;

    private static IEnumerable<string> KeysOf(VirtualHost host, EntityKind kind)
    {
        for (string? after = null; ;)
        {
            var page = Wait(host.Journal.KeysAsync(host.Workspace, kind, after, 1_000, default));
            foreach (var key in page) yield return key;
            if (page.Count < 1_000) yield break;
            after = page[^1];
        }
    }

    private static List<LeadRow> ReadIndex(VirtualHost host)
    {
        var rows = new List<LeadRow>();
        for (string? before = null; ;)
        {
            var page = Wait(host.Journal.LeadsAsync(new LeadQuery(host.Workspace, BeforeLeadId: before, Limit: 500), default));
            rows.AddRange(page);
            if (page.Count < 500) return rows;
            before = page[^1].LeadId;
        }
    }

    private Dictionary<string, T> Of<T>() where T : class =>
        live.Where(e => e.Value is T).ToDictionary(e => e.Key.Key, e => (T)e.Value);

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
