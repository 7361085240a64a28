using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>The seed story, and small things that many tests need.</summary>
internal static class Sample
{
    /// <summary>A Monday morning in Berlin's winter time.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    public static readonly Reason Because = new("because", "Because of the test.");

    /// <summary>Two people with 20 conversations a week, a founder in every deal, a few slots a month.</summary>
    public static Process Story(int version = 1) => new(
        version,
        [new PoolDefinition("sales", PoolKind.People), new PoolDefinition("founder", PoolKind.People), new PoolDefinition("onboarding", PoolKind.Slots)],
        [
            new Stage("discovery", "sales", 1, 0.4m, TimeSpan.FromDays(2), TimeSpan.FromHours(1)),
            new Stage("review", "founder", 1, 0.5m, TimeSpan.FromDays(3), Wins: true),
            new Stage("onboarding", "onboarding", 1, 1, TimeSpan.FromDays(30)),
        ],
        0.1m, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromDays(14), TimeSpan.FromHours(1), WaitlistRules.Default);

    public static Submission Submission(string lead = "l1", string contact = "c1", string campaign = "ads") => new(lead, contact, campaign, Monday, []);

    public static SalespersonProfile Profile(string pool = "sales", decimal weekly = 20, int concurrent = 5) => new([pool], weekly, concurrent, [], null, [], []);

    public static WorkItem Work(string lead = "l1", string stage = "discovery", string pool = "sales", decimal effort = 1) => new(lead, stage, pool, effort, []);

    public static QueuedLead Queued(string lead, DateTimeOffset place, string stage = "discovery", params string[] skills) =>
        new(lead, stage, 0, place, 1, 1, [.. skills], place) { FromGate = true };

    public static MemberReport Member(int free = 5, int concurrent = 5, decimal budget = 20, bool takes = true, DateTimeOffset? lastOfferedAt = null, params string[] skills) =>
        new(takes, free, concurrent, budget, 20, lastOfferedAt, [.. skills], [.. Horizons.All.Select(h => (decimal)h.TotalDays * 20 / 7)]);

    public static CampaignProfile Campaign(SpendMode mode = SpendMode.Apply, int changesPerHour = 4, TimeSpan? dwell = null, decimal? value = null) =>
        CampaignProfile.Default with { Channel = "google", Mode = mode, ChangesPerHour = changesPerHour, MinDwell = dwell ?? TimeSpan.FromHours(1), ValuePerWin = value is { } v ? new Money(v, "EUR") : null };

    public static DeciderSpec<LeadState> Lead() => new(EntityKind.Lead, "l1", World(), Monday);

    public static DeciderSpec<SalespersonState> Person() => new(EntityKind.Salesperson, "ann", World(), Monday);

    public static DeciderSpec<SlotState> Slot() => new(EntityKind.DeliverySlot, "s1", World(), Monday);

    public static DeciderSpec<PoolState> Pool(string id = "sales") => new(EntityKind.Pool, id, World(), Monday);

    public static DeciderSpec<CampaignState> CampaignSpec() => new(EntityKind.Campaign, "ads", World(), Monday);

    public static DeciderSpec<FlowState> Flow() => new(EntityKind.Flow, "flow", World(), Monday);

    public static DeciderSpec<ContactState> Contact() => new(EntityKind.Contact, "c1", World(), Monday);

    private static FakeWorld World() => new FakeWorld().Publish(Story()).Publish(Story(2));
}
