using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>The people who work, with the habits that the plan gave them: they answer or do not, call or do not, in time, at the last moment or too late.</summary>
internal sealed class Crew(Timeline time, Front front, SwarmPlan plan, SimRandom chance)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    /// <summary>From now on the steward does all work.</summary>
    public bool IsOff { get; set; }

    public void Hear(CommittedTurn turn)
    {
        if (IsOff || turn.State is not LeadState lead) return;
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case LeadEvent.Offered e: Answer(turn.Entity, e); break;
                case LeadEvent.Accepted e: Work(turn.Entity, e); break;
                case LeadEvent.SlotHeld e: Book(turn.Entity, e); break;
                case LeadEvent.SlotBooked e: Deliver(turn.Entity, e); break;
            }
        }
    }

    private void Answer(EntityId lead, LeadEvent.Offered offer)
    {
        if (chance.Chance(plan.Ignores)) return;
        LeadCommand answer = chance.Chance(0.8) ? new LeadCommand.Accept(offer.Person) : new LeadCommand.Decline(offer.Person, "busy");
        Do(lead, answer, When(offer.Until, TimeSpan.FromMinutes(6)));
    }

    private void Work(EntityId lead, LeadEvent.Accepted work)
    {
        if (chance.Chance(plan.Neglects)) return;
        var contact = When(work.ContactDue ?? time.Now.AddHours(1), TimeSpan.FromMinutes(40));
        Do(lead, new LeadCommand.Contacted(work.Person), contact);
        if (chance.Chance(plan.Neglects)) return;
        LeadCommand end = chance.Chance(0.1)
            ? new LeadCommand.Return(work.Person, "not mine")
            : new LeadCommand.Complete(work.Person, chance.Chance(0.7) ? StageOutcome.Passed : StageOutcome.Lost, chance.Chance(0.5) ? "price" : null, chance.Chance(0.3) ? new Money(500, "EUR") : null);
        Do(lead, end, contact + chance.Between(TimeSpan.FromMinutes(5), TimeSpan.FromHours(3)));
    }

    private void Book(EntityId lead, LeadEvent.SlotHeld hold)
    {
        if (chance.Chance(plan.Neglects)) return;
        Do(lead, new LeadCommand.Book(hold.Slot), When(hold.Until, TimeSpan.FromHours(1)));
    }

    private void Deliver(EntityId lead, LeadEvent.SlotBooked booked)
    {
        if (chance.Chance(plan.Neglects)) return;
        Do(lead, new LeadCommand.Start(), When(booked.EndsAt, booked.StartsAt - time.Now));
        if (chance.Chance(plan.Neglects)) return;
        Do(lead, new LeadCommand.Complete(null, chance.Chance(0.9) ? StageOutcome.Passed : StageOutcome.Lost, null, null), booked.EndsAt + chance.Between(-Moment, TimeSpan.FromHours(1)));
    }

    // Mostly soon; for some at the last moment, a little before or after it.
    private DateTimeOffset When(DateTimeOffset deadline, TimeSpan usual) =>
        chance.Chance(plan.Late) ? deadline + chance.Between(-Moment, Moment) : time.Now + (chance.Between(TimeSpan.FromSeconds(5), usual > Moment * 5 ? usual : Moment * 5));

    private void Do(EntityId lead, LeadCommand command, DateTimeOffset at)
    {
        var keyed = chance.Chance(0.7);
        time.At(at, () =>
        {
            if (IsOff) return;
            if (keyed) front.Ask(lead, command);
            else front.Tell(lead, command);
        });
    }
}
