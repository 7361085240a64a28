using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>The business of a run: its people, pools, campaigns and the processes that it may publish. Promises are hours, so that days are enough.</summary>
internal sealed class Town(SwarmPlan plan)
{
    public const string Workspace = "default";

    public static readonly string[] Sellers = ["ann", "bob", "cyd"];
    public static readonly string[] People = ["ann", "bob", "cyd", "fay"];
    public static readonly string[] Campaigns = ["search", "social"];
    private static readonly ImmutableArray<string> Languages = ["de", "fr"];

    public static EntityId Id(EntityKind kind, string key) => new(Workspace, kind, key);

    public static EntityId Lead(string key) => Id(EntityKind.Lead, key);

    /// <summary>A process; versions differ in stages, promises and leases.</summary>
    public Process Process(SimRandom chance)
    {
        Stage discovery = new("discovery", "sales", 1, 0.6m, Hours(chance, 2, 12), chance.Chance(0.5) ? TimeSpan.FromMinutes(20 + chance.Below(60)) : null);
        Stage proposal = new("proposal", "sales", 2, 0.8m, Hours(chance, 4, 16));
        Stage review = new("review", "founder", 1, 0.6m, Hours(chance, 4, 24), Wins: true);
        Stage onboarding = new("onboarding", "onboarding", 1, 1, Hours(chance, 12, 48));
        ImmutableArray<Stage> stages = chance.Below(4) switch
        {
            0 => [discovery, proposal, review, onboarding],
            1 => [discovery, onboarding],
            2 => [discovery, review],
            _ => [discovery, review, onboarding],
        };
        return Core.Routing.Process.Empty with
        {
            Pools = [new("sales", PoolKind.People), new("founder", PoolKind.People), new("onboarding", PoolKind.Slots)],
            Stages = stages,
            Risk = chance.Chance(0.5) ? 0.1m : 0.3m,
            OfferTimeout = TimeSpan.FromMinutes(3 + chance.Below(20)),
            HoldTimeout = Hours(chance, 1, 6),
            WorkLease = Hours(chance, 3, 12),
            ReofferAfter = plan.ReofferAfter,
            Waitlist = new WaitlistRules(plan.WaitlistLimit, Hours(chance, 4, 20)),
            Gate = chance.Chance(0.3) ? GateMode.Observe : GateMode.Enforce,
        };
    }

    /// <summary>A person as they are at first, or after a change.</summary>
    public SalespersonProfile Profile(string person, SimRandom chance, DateTimeOffset now)
    {
        ImmutableArray<string> pools = person == "fay" ? ["founder"] : chance.Chance(0.15) ? ["sales", "founder"] : ["sales"];
        ImmutableArray<string> skills = !plan.Skills ? [] : chance.Below(3) switch { 0 => Languages, 1 => [Languages[0]], _ => [] };
        var weekly = Math.Max(2, plan.Weekly + chance.Below(4) - 2);
        var concurrent = Math.Max(1, plan.Concurrent + chance.Below(3) - 1);
        ImmutableArray<Spell> away = chance.Chance(0.2) ? [new Spell(now.AddHours(chance.Below(20)), now.AddHours(20 + chance.Below(10)))] : [];
        var hours = plan.Hours && chance.Chance(0.6);
        return new SalespersonProfile(pools, weekly, concurrent, skills, hours ? "Europe/Berlin" : null, hours ? Shift(8, 19) : [], away);
    }

    /// <summary>A person who takes everything, so that nothing waits for capacity any more.</summary>
    public static SalespersonProfile Tireless(string person) =>
        new(person == "fay" ? ["founder", "sales"] : ["sales", "founder"], 10_000, 200, Languages, null, [], []);

    /// <summary>A campaign as it is at first, or after a change.</summary>
    public static CampaignProfile Campaign(SimRandom chance) => CampaignProfile.Default with
    {
        Channel = chance.Chance(0.5) ? "google" : "meta",
        ValuePerWin = new Money(1_000 + chance.Below(9_000), "EUR"),
        Mode = chance.Chance(0.3) ? SpendMode.Propose : SpendMode.Apply,
        MinDwell = TimeSpan.FromMinutes(chance.Below(4) * 20),
        ChangesPerHour = 1 + chance.Below(4),
        Skills = [],
    };

    /// <summary>Skills that a lead asks for.</summary>
    public ImmutableArray<string> SkillsOf(SimRandom chance) => plan.Skills && chance.Chance(0.4) ? [chance.Chance(0.5) ? Languages[0] : Languages[1]] : [];

    private static ImmutableArray<WorkingHours> Shift(int from, int to) => [.. Enum.GetValues<DayOfWeek>().Select(d => new WorkingHours(d, new TimeOnly(from, 0), new TimeOnly(to, 0)))];

    private static TimeSpan Hours(SimRandom chance, int least, int most) => TimeSpan.FromMinutes((least * 60) + chance.Below((most - least) * 60));
}
