using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.Business;

/// <summary>Delivery: held slots are booked, begin on time, and end on time.</summary>
public sealed class Deliveries(IBusinessWorld world)
{
    private static readonly TimeSpan BookAfter = TimeSpan.FromHours(2);

    // The slot that each lead has now: what was planned for a slot that was withdrawn does not take place.
    private readonly Dictionary<EntityId, string> slotOf = [];

    /// <summary>Hears of committed turns.</summary>
    public void Hear(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.State is not LeadState) continue;
            var lead = turn.Entity;
            foreach (var fact in turn.Events)
            {
                switch (fact)
                {
                    case LeadEvent.SlotHeld held:
                        world.Schedule(Earlier(world.Now + BookAfter, held.Until.AddSeconds(-1)), () => world.Tell(lead, new LeadCommand.Book(held.Slot)));
                        break;
                    case LeadEvent.SlotBooked booked:
                        slotOf[lead] = booked.Slot;
                        world.Schedule(booked.StartsAt, () => TellIf(lead, booked.Slot, new LeadCommand.Start()));
                        world.Schedule(booked.EndsAt, () => TellIf(lead, booked.Slot, new LeadCommand.Complete(Person: null, StageOutcome.Passed, Why: null, Value: null)));
                        break;
                    case LeadEvent.SlotLost lost when slotOf.GetValueOrDefault(lead) == lost.Slot:
                        slotOf.Remove(lead);
                        break;
                }
            }
        }
    }

    private void TellIf(EntityId lead, string slot, LeadCommand command)
    {
        if (slotOf.GetValueOrDefault(lead) == slot) world.Tell(lead, command);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
