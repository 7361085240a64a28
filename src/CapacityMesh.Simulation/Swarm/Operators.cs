using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>Everybody who changes the business while it runs: operators, platforms, marketers, people who come and go.</summary>
internal sealed class Operators(Timeline time, Front front, Witness witness, Leads leads, Town town, SwarmPlan plan, SimRandom chance)
{
    private readonly Act[] acts = [.. plan.Acts.SelectMany(a => Enumerable.Repeat(a.Key, a.Value))];
    private int slots;

    /// <summary>Opens the business.</summary>
    public void Open()
    {
        front.Ask(Flow, new FlowCommand.DefineProcess(town.Process(chance)));
        foreach (var person in Town.People) front.Ask(Person(person), new SalespersonCommand.Configure(town.Profile(person, chance, time.Now)));
        foreach (var campaign in Town.Campaigns) front.Ask(Campaign(campaign), new CampaignCommand.Configure(Town.Campaign(chance)));
        time.After(TimeSpan.FromSeconds(10), () =>
        {
            for (var i = 0; i < plan.Slots; i++) PlanSlot();
        });
    }

    /// <summary>An act now, and the next one later, until the instant.</summary>
    public void Act(DateTimeOffset until)
    {
        if (time.Now >= until || acts.Length == 0) return;
        Do(acts[chance.Below(acts.Length)]);
        time.After(chance.Gap(plan.ActEvery), () => Act(until));
    }

    /// <summary>A new slot in the near future, or an old one moved.</summary>
    public void PlanSlot()
    {
        var id = slots > 0 && chance.Chance(0.2) ? $"slot-{1 + chance.Below(slots)}" : $"slot-{++slots}";
        var start = time.Now.AddMinutes(30 + chance.Below(60 * 30));
        front.Ask(Town.Id(EntityKind.Pool, "onboarding"), new PoolCommand.PlanSlot(id, start, start.AddMinutes(20 + chance.Below(60))));
    }

    private static EntityId Flow => EntityId.Flow(Town.Workspace);

    private void Do(Act act)
    {
        switch (act)
        {
            case Swarm.Act.Signal: leads.Signal(); break;
            case Swarm.Act.Erase: leads.Erase(chance.Chance(0.5) ? OneWithSeveralLeads() : null); break;
            case Swarm.Act.PlanSlot: PlanSlot(); break;
            case Swarm.Act.WithdrawSlot: front.Ask(Town.Id(EntityKind.DeliverySlot, AnySlot()), new SlotCommand.Withdraw()); break;
            case Swarm.Act.ChangeProcess: if (chance.Chance(0.3)) front.Ask(Flow, new FlowCommand.DefineProcess(town.Process(chance))); break;
            case Swarm.Act.Presence or Swarm.Act.Leave or Swarm.Act.ChangePerson: DoToPerson(act, chance.Pick(Town.People)); break;
            case Swarm.Act.ChangeCampaign or Swarm.Act.HoldCampaign or Swarm.Act.DecideProposal or Swarm.Act.Report: DoToCampaign(act, chance.Pick(Town.Campaigns)); break;
            default: DoToLead(act, AnyLead(act)); break;
        }
    }

    private void DoToLead(Act act, EntityId lead) => front.Ask(lead, act switch
    {
        // Also whoever has it already, or is just being asked.
        Swarm.Act.Assign or Swarm.Act.Override => new LeadCommand.Assign(
            (chance.Chance(0.3) ? witness.Find<LeadState>(lead)?.Person : null) ?? chance.Pick(Town.People), Override: act is Swarm.Act.Override),
        Swarm.Act.Return => new LeadCommand.Return(null, "an operator's word"),
        Swarm.Act.Reopen => new LeadCommand.Reopen(),
        Swarm.Act.Retract => new LeadCommand.Retract(LeadReasons.Retracted),
        Swarm.Act.BookOther => new LeadCommand.Book(chance.Chance(0.5) ? SlotInDispute() : AnySlot()),
        _ => chance.Below(3) switch { 0 => new LeadCommand.Accept("bob"), 1 => new LeadCommand.Complete("ann", StageOutcome.Passed, null, null), _ => new LeadCommand.Start() },
    });

    private void DoToPerson(Act act, string person)
    {
        SalespersonCommand command = act switch
        {
            Swarm.Act.Presence => new SalespersonCommand.SetStatus(chance.Chance(0.6) ? PresenceStatus.Available : chance.Chance(0.5) ? PresenceStatus.Away : PresenceStatus.Offline),
            Swarm.Act.Leave when chance.Chance(0.3) => new SalespersonCommand.Remove(),
            _ => new SalespersonCommand.Configure(town.Profile(person, chance, time.Now)),
        };
        front.Ask(Person(person), command);
        if (act is Swarm.Act.Leave) front.Ask(Person(person), new SalespersonCommand.SetStatus(PresenceStatus.Available));
    }

    private void DoToCampaign(Act act, string campaign) => front.Ask(Campaign(campaign), act switch
    {
        Swarm.Act.ChangeCampaign => new CampaignCommand.Configure(Town.Campaign(chance)),
        Swarm.Act.HoldCampaign => new CampaignCommand.Hold(
            chance.Chance(0.6) ? (SpendAction)chance.Below(3) : null, "a human's word", chance.Chance(0.5) ? time.Now.AddMinutes(5 + chance.Below(300)) : null),
        Swarm.Act.DecideProposal => chance.Chance(0.6) ? new CampaignCommand.Approve() : new CampaignCommand.Reject(),
        _ => chance.Chance(0.5)
            ? new CampaignCommand.RecordCost(new DayCost(DateOnly.FromDateTime(time.Now.UtcDateTime), new Money(chance.Below(500), "EUR"), 10, 100))
            : new CampaignCommand.Acknowledge(new Acknowledgement(1, SpendAction.Run, time.Now)),
    });

    private string? OneWithSeveralLeads()
    {
        var several = witness.Truth.Where(e => e.Value is ContactState { AlsoOpen.Length: > 0 }).Select(e => e.Key.Key).ToArray();
        return several.Length == 0 ? null : chance.Pick(several);
    }

    // Mostly one to whom it matters.
    private EntityId AnyLead(Act act)
    {
        if (chance.Chance(0.2)) return Town.Lead($"lead-{1 + chance.Below(leads.Count + 1):D4}");
        if (act is Swarm.Act.Retract && chance.Chance(0.5) && OneJustLetIn() is { } letIn) return letIn;
        var fitting = witness.Truth.Where(e => e.Value is LeadState lead && Fits(act, lead)).Select(e => e.Key).ToArray();
        return fitting.Length == 0 ? Town.Lead("lead-0001") : fitting[chance.Below(fitting.Length)];
    }

    private static bool Fits(Act act, LeadState lead) => act switch
    {
        Swarm.Act.Reopen => lead.IsClosed,
        Swarm.Act.Return => lead.Person is not null || lead.Slot is not null,
        Swarm.Act.BookOther => lead.Phase is LeadPhase.Queued or LeadPhase.Held or LeadPhase.Booked,
        Swarm.Act.Assign or Swarm.Act.Override => lead.Phase is LeadPhase.Queued or LeadPhase.Offered or LeadPhase.Working,
        _ => !lead.IsClosed,
    };

    private string AnySlot() => $"slot-{1 + chance.Below(Math.Max(1, slots))}";

    // One that waits at the gate, and the gate's word is on its way.
    private EntityId? OneJustLetIn()
    {
        if (witness.Find<FlowState>(Flow) is not { } flow) return null;
        var letIn = witness.Truth.Where(e => e.Value is LeadState { Phase: LeadPhase.Waitlisted } && flow.Waitlist.PositionOf(e.Key.Key) == 0).Select(e => e.Key).ToArray();
        return letIn.Length == 0 ? null : chance.Pick(letIn);
    }

    // One that the pool is just giving to somebody else, or whose time is just over, and it does not know.
    private string SlotInDispute()
    {
        var given = witness.Find<PoolState>(Town.Id(EntityKind.Pool, "onboarding"))?.Placed.Values.Select(p => p.Holder).ToHashSet(StringComparer.Ordinal) ?? [];
        var disputed = witness.Truth.Where(e => e.Value is SlotState { Phase: SlotPhase.Open } slot && (given.Contains(e.Key.Key) || slot.EndsAt <= time.Now)).Select(e => e.Key.Key).ToArray();
        return disputed.Length == 0 ? AnySlot() : chance.Pick(disputed);
    }

    private static EntityId Person(string key) => Town.Id(EntityKind.Salesperson, key);

    private static EntityId Campaign(string key) => Town.Id(EntityKind.Campaign, key);
}
