using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Core.Tests.Testing;

/// <summary>A business at random: people work, forget, leave and come back; leads ask again, are taken back and reopened; slots come and go.</summary>
internal sealed class Workload
{
    private static readonly string[] Sellers = ["ann", "bob"];
    private static readonly string[] People = ["ann", "bob", "fay"];

    private readonly SeededRandom random;
    private int leads;
    private int slots;
    private int versions = 1;

    public Workload(ulong seed, bool overtaking)
    {
        random = new SeededRandom(seed);
        Net = new Network(overtaking ? seed : null);
        Net.AskFlow(new FlowCommand.DefineProcess(Process(0)));
        foreach (var person in Sellers) Net.Ask(EntityKind.Salesperson, person, new SalespersonCommand.Configure(Sample.Profile(weekly: 12, concurrent: 3)));
        Net.Ask(EntityKind.Salesperson, "fay", new SalespersonCommand.Configure(Sample.Profile("founder", weekly: 10, concurrent: 3)));
        foreach (var campaign in new[] { "ads", "search" }) Net.Ask(EntityKind.Campaign, campaign, new CampaignCommand.Configure(Sample.Campaign(dwell: TimeSpan.Zero)));
        for (var i = 0; i < 6; i++) PlanSlot();
    }

    public Network Net { get; }

    /// <summary>One act of somebody outside.</summary>
    public void Act()
    {
        switch (random.Below(20))
        {
            case < 5: Capture(); break;
            case < 11: WorkOn(Workable()); break;
            case 11: Net.Post(EntityKind.Lead, AnyLead(), new LeadCommand.Assign(random.Pick(People), random.Chance(50))); break;
            case 12: Net.Post(EntityKind.Lead, AnyLead(), random.Chance(50) ? new LeadCommand.Retract(LeadReasons.Retracted) : new LeadCommand.Reopen()); break;
            case 13: Net.Post(EntityKind.Lead, AnyLead(), new LeadCommand.Reopen()); break;
            case 14: Net.Post(EntityKind.Salesperson, random.Pick(People), new SalespersonCommand.SetStatus(random.Chance(70) ? PresenceStatus.Available : PresenceStatus.Away)); break;
            case 15: PlanSlot(); break;
            case 16: DisturbSlot(); break;
            case 17: Rarely(); break;
            case 18: Net.Post(EntityKind.Lead, AnyLead(), new LeadCommand.Book($"s{random.Below(slots)}")); break;
            default: Net.Post(EntityKind.Contact, $"c{random.Below(leads + 1)}", new ContactCommand.Signal(random.Pick(["visit", LeadMachine.ReplySignal]), 5, "ads")); break;
        }
    }

    /// <summary>Time passes, or a few messages arrive.</summary>
    public void Pass()
    {
        if (random.Chance(60)) Net.Step(random.Below(6));
        else Net.Advance(random.Below(10) switch { 0 => TimeSpan.FromHours(random.Below(60)), 1 => TimeSpan.FromHours(random.Below(8)), _ => TimeSpan.FromMinutes(random.Below(4)) });
    }

    private void Capture()
    {
        var id = $"l{leads++}";
        // One in five asks again while they are known already.
        var contact = random.Chance(20) ? $"c{random.Below(leads)}" : $"c{id[1..]}";
        Net.Post(EntityKind.Contact, contact, new ContactCommand.Capture(Sample.Submission(id, contact, random.Pick(["ads", "search", "nobody"]))));
    }

    private void WorkOn(string id)
    {
        var lead = Net.Get<LeadState>(EntityKind.Lead, id);
        var person = lead.Person ?? "ann";
        Net.Post(EntityKind.Lead, id, lead.Phase switch
        {
            LeadPhase.Offered => random.Chance(75) ? new LeadCommand.Accept(person) : new LeadCommand.Decline(person, null),
            LeadPhase.Working when lead.ContactedAt is null => random.Chance(80) ? new LeadCommand.Contacted(person) : new LeadCommand.Return(person, "busy"),
            LeadPhase.Working => new LeadCommand.Complete(person, random.Chance(80) ? StageOutcome.Passed : StageOutcome.Lost, null, null),
            LeadPhase.Held => random.Chance(70) ? new LeadCommand.Book(lead.Slot!) : new LeadCommand.Return(null, null),
            LeadPhase.Booked => random.Chance(80) ? new LeadCommand.Start() : new LeadCommand.Return(null, null),
            LeadPhase.Started => new LeadCommand.Complete(null, random.Chance(90) ? StageOutcome.Passed : StageOutcome.Lost, null, null),
            _ => new LeadCommand.Accept(person),
        });
    }

    private void PlanSlot()
    {
        var id = random.Chance(20) && slots > 0 ? $"s{random.Below(slots)}" : $"s{slots++}";
        var start = Net.Now.AddHours(6 + random.Below(24 * 20));
        Net.Post(EntityKind.Pool, "onboarding", new PoolCommand.PlanSlot(id, start, start.AddHours(4)));
    }

    private void DisturbSlot() => Net.Post(EntityKind.DeliverySlot, $"s{random.Below(slots)}", new SlotCommand.Withdraw());

    private void Rarely()
    {
        var person = random.Pick(People);
        switch (random.Below(4))
        {
            case 0: Net.Post(EntityKind.Contact, $"c{random.Below(leads + 1)}", new ContactCommand.Erase()); break;
            case 1: Net.Post(EntityKind.Flow, "flow", new FlowCommand.DefineProcess(Process(versions++))); break;
            case 2: Net.Post(EntityKind.Salesperson, person, new SalespersonCommand.Remove()); break;
            default:
                Net.Post(EntityKind.Salesperson, person, new SalespersonCommand.Configure(Sample.Profile(person == "fay" ? "founder" : "sales", weekly: 12, concurrent: 3)));
                Net.Post(EntityKind.Salesperson, person, new SalespersonCommand.SetStatus(PresenceStatus.Available));
                break;
        }
    }

    private static readonly FollowUp Cadence = new(
        [new FollowUpTouch(TimeSpan.FromMinutes(10), "call"), new FollowUpTouch(TimeSpan.FromHours(5), "email")], new QuietHours(new TimeOnly(20, 0), new TimeOnly(8, 0), "Europe/Berlin"));

    // Versions differ in their stages' order of magnitude, so that a lead on the wrong version shows.
    private static Process Process(int version)
    {
        var story = Sample.Story();
        var stages = version % 2 == 0 ? story.Stages : story.Stages.Insert(1, new Stage("proposal", "sales", 2, 0.8m, TimeSpan.FromDays(1)));
        // Every third version follows up, at night not.
        if (version % 3 == 0) stages = stages.SetItem(0, stages[0] with { FollowUp = Cadence });
        return story with { Stages = stages, Waitlist = new WaitlistRules(10, TimeSpan.FromDays(4)), ReofferAfter = TimeSpan.FromMinutes((version + 1) % 3 * 20), HoldTimeout = TimeSpan.FromHours(20) };
    }

    // Mostly a lead that somebody can do something about.
    private string Workable()
    {
        var open = Net.All<LeadState>(EntityKind.Lead).Where(l => l.State is { Phase: > LeadPhase.Queued, IsClosed: false }).Select(l => l.Key).ToArray();
        return open.Length > 0 && random.Chance(90) ? random.Pick(open) : AnyLead();
    }

    private string AnyLead() => $"l{random.Below(leads + 1)}";
}
