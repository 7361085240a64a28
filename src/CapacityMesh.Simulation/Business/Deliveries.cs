using CapacityMesh.Core.Execution;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.Business;

/// <summary>Delivery: held slots are booked, begin on time, and end on time.</summary>
public sealed class Deliveries(IBusinessWorld world)
{
    private static readonly TimeSpan BookAfter = TimeSpan.FromHours(2);

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
                        world.Schedule(booked.StartsAt, () => world.Tell(lead, new LeadCommand.Start()));
                        world.Schedule(booked.EndsAt, () => world.Tell(lead, new LeadCommand.Complete(Person: null, StageOutcome.Passed, Why: null, Value: null)));
                        break;
                }
            }
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
