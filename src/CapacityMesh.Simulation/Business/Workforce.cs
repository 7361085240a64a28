using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Simulation.Chance;

namespace CapacityMesh.Simulation.Business;

/// <summary>How a stage ends for a lead, and how long the work takes; null for the stage's habit.</summary>
public delegate (StageOutcome Outcome, TimeSpan? Work) Fate(string leadId, string stage);

/// <summary>
/// The people: they answer offers, call, and bring stages to their end. Everything a person does to a lead is drawn from a stream of that lead and
/// stage, so that two policies meet the same leads.
/// </summary>
public sealed class Workforce(IBusinessWorld world, SeedStreams seeds, Habits habits, Fate fate)
{
    /// <summary>Hears of committed turns.</summary>
    public void Hear(IReadOnlyList<CommittedTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turn.State is not LeadState lead) continue;
            foreach (var fact in turn.Events)
            {
                switch (fact)
                {
                    case LeadEvent.Offered offered: Answer(turn.Entity, lead, offered); break;
                    case LeadEvent.Accepted accepted: Work(turn.Entity, lead, accepted); break;
                }
            }
        }
    }

    private void Answer(EntityId lead, LeadState state, LeadEvent.Offered offered)
    {
        var chance = seeds.Fresh($"answer/{lead.Key}/{state.Stage}/{state.Offers}");
        if (chance.Chance(habits.Ignores)) return;
        var declines = chance.Chance(habits.Declines);
        world.Schedule(world.Now + chance.Between(habits.AnswerLeast, habits.AnswerMost), () =>
            world.Tell(lead, declines ? new LeadCommand.Decline(offered.Person, null) : new LeadCommand.Accept(offered.Person)));
    }

    /// <summary>Time from acceptance to the first contact, and to the end of the stage unless its fate says otherwise: the lead's own, whoever decides.</summary>
    public static (TimeSpan Contact, TimeSpan Work) Times(SeedStreams seeds, Habits habits, string leadId, string stage)
    {
        var chance = seeds.Fresh($"work/{leadId}/{stage}");
        return (chance.Between(TimeSpan.FromMinutes(1), habits.ContactMost), chance.Between(habits.WorkLeast, habits.WorkMost));
    }

    private void Work(EntityId lead, LeadState state, LeadEvent.Accepted accepted)
    {
        var stage = state.Stage!;
        var (untilContact, habitual) = Times(seeds, habits, lead.Key, stage);
        var contact = world.Now + untilContact;
        var (outcome, work) = fate(lead.Key, stage);
        var end = world.Now + (work ?? habitual);
        world.Schedule(contact, () => world.Tell(lead, new LeadCommand.Contacted(accepted.Person)));
        // Work that rests is work that returns: a long deal is touched every week.
        for (var touch = contact.AddDays(7); touch < end; touch = touch.AddDays(7))
        {
            world.Schedule(touch, () => world.Tell(lead, new LeadCommand.Contacted(accepted.Person)));
        }
        world.Schedule(end > contact ? end : contact, () => world.Tell(lead, new LeadCommand.Complete(accepted.Person, outcome, Why: null, Value: null)));
    }
}
