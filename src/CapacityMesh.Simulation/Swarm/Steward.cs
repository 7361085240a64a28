using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>The liveness phase's good spirit: gives the business ample people and slots, and does whatever can be done for a lead, until none is left.</summary>
internal sealed class Steward(Timeline time, Front front, Witness witness, SimRandom chance)
{
    // Prime, so that it meets offers at every age.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(157);

    private int slots;

    /// <summary>Mends the business and works in rounds until everything is over.</summary>
    public void Begin()
    {
        foreach (var person in Town.People)
        {
            var id = Town.Id(EntityKind.Salesperson, person);
            front.Ask(id, new SalespersonCommand.Configure(Town.Tireless(person)), _ => front.Ask(id, new SalespersonCommand.SetStatus(PresenceStatus.Available)));
        }
        GoRound();
    }

    /// <summary>Whether no lead is open.</summary>
    public bool IsDone => witness.Truth.Values.All(s => s is not LeadState { IsClosed: false });

    private void GoRound()
    {
        var waiting = 0;
        foreach (var (id, state) in witness.Truth.ToArray())
        {
            if (state is not LeadState { IsClosed: false } lead) continue;
            if (NextFor(lead) is { } command) front.Ask(id, command);
            if (lead.Phase is LeadPhase.Queued or LeadPhase.Waitlisted or LeadPhase.Held) waiting++;
        }
        AddSlots(waiting);
        time.After(Round, GoRound);
    }

    private LeadCommand? NextFor(LeadState lead) => lead.Phase switch
    {
        LeadPhase.Offered => new LeadCommand.Accept(lead.Person!),
        LeadPhase.Working => new LeadCommand.Complete(lead.Person, chance.Chance(0.7) ? StageOutcome.Passed : StageOutcome.Lost, null, null),
        LeadPhase.Held => new LeadCommand.Book(lead.Slot!),
        LeadPhase.Booked when witness.Find<SlotState>(Town.Id(EntityKind.DeliverySlot, lead.Slot!)) is { } slot && slot.StartsAt <= time.Now => new LeadCommand.Start(),
        LeadPhase.Started => new LeadCommand.Complete(null, StageOutcome.Passed, null, null),
        _ => null,
    };

    // Slots of a pool do not overlap: the new ones follow on the last.
    private void AddSlots(int wanted)
    {
        if (witness.Find<PoolState>(Town.Id(EntityKind.Pool, "onboarding")) is not { } pool) return;
        var open = pool.Slots.Values.Count(s => s.Phase is SlotPhase.Open or SlotPhase.Unknown && s.StartsAt > time.Now);
        var last = pool.Slots.Values.Select(s => s.EndsAt).Append(time.Now.AddMinutes(5)).Max();
        // Planned once per round and pool; the answer decides.
        for (var i = open; i < Math.Min(wanted + 2, open + 5); i++)
        {
            var start = last.AddMinutes(5 + (25 * (i - open)));
            front.Ask(Town.Id(EntityKind.Pool, "onboarding"), new PoolCommand.PlanSlot($"late-{++slots}", start, start.AddMinutes(20)));
        }
    }
}
