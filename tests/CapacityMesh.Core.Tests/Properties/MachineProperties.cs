using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Properties;

// Goal: what is true of every machine, whatever it is asked in whatever order. Method: commands made from their own constructors out of a few small
// values, so that they collide; 40 seeded lives of 120 commands per machine. TurnLaws holds each turn to the lifecycle, the fold and the limits.
public sealed class MachineProperties
{
    private static readonly FakeWorld World = new FakeWorld().Publish(Sample.Story()).Publish(Sample.Story(2));

    // Told again, these record again: a profile as it stands now, an increment, a signal, a report of absolute facts, a clock.
    private static readonly HashSet<string> RecordAgain =
    [
        "SalespersonCommand.Configure", "CampaignCommand.Configure", "CampaignCommand.Count", "ContactCommand.Signal", "LeadCommand.Signal", "LeadCommand.Merge",
        "ContactCommand.Capture", "LeadCommand.Contacted", "PoolCommand.NotePromiseBroken", "PoolCommand.MemberReported", "PoolCommand.SlotReported", "PoolCommand.SlotRefused", "PoolCommand.Refused", "FlowCommand.PoolReported", "FlowCommand.DefineProcess",
        "FlowCommand.Admit", "FlowCommand.AdmissionUnused", "PoolCommand.TimerElapsed", "PoolCommand.Requeue", "FlowCommand.TimerElapsed", "LeadCommand.TimerElapsed",
        "LeadCommand.Complete", "CampaignCommand.Advise", "CampaignCommand.RecordCost",
    ];

    public static TheoryData<string> Machines => [.. Machine.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_turn_keeps_the_laws_of_all_machines_and_a_repeat_is_done_already_or_refused(string name)
    {
        var machine = Machine.All.First(m => m.Name == name);
        for (var seed = 0UL; seed < 40; seed++) Live(machine, new SeededRandom(seed));
    }

    private static void Live(Machine machine, SeededRandom random)
    {
        var kinds = machine.Commands.GetNestedTypes().Where(t => t.IsSealed).OrderBy(t => t.Name, StringComparer.Ordinal).ToArray();
        var (state, now, self) = (machine.Initial, Sample.Monday, new EntityId("w", machine.Kind, "e1"));
        for (var i = 0; i < 120; i++)
        {
            now += TimeSpan.FromMinutes(random.Below(5) switch { 0 => random.Below(60 * 24 * 4), 1 => random.Below(90), _ => 0 });
            var command = (ICommand)Values.Make(random.Pick(kinds), random, now);
            var turn = new Turn(self, now, World, random.Chance(50) ? new Ask("ask") : null);
            var decision = machine.Decide(state, command, turn);
            state = TurnLaws.Check(machine, state, decision, now);
            CheckOwnLaws(state, now);
            var again = machine.Decide(state, command, turn);
            TurnLaws.Check(machine, state, again, now);
            var kind = $"{machine.Commands.Name}.{command.GetType().Name}";
            if (!RecordAgain.Contains(kind)) Assert.True(again.Events.Count == 0, $"{kind} told twice recorded {string.Join(", ", again.Events)} the second time");
        }
    }

    private static void CheckOwnLaws(object state, DateTimeOffset now)
    {
        switch (state)
        {
            case SalespersonState person:
                // The profile may shrink below what is held already; it never takes more than the largest one that the values can make.
                Assert.InRange(person.Work.Length, 0, Values.ConcurrentMost);
                Assert.InRange(SalespersonCapacity.Used(person, now), 0, Values.WeeklyMost);
                break;
            case SlotState slot:
                Assert.Equal(slot.Phase is SlotPhase.Held or SlotPhase.Booked or SlotPhase.Started or SlotPhase.Completed, slot.LeadId is not null);
                Assert.Equal(slot.Phase is SlotPhase.Held, slot.HeldUntil is not null);
                break;
            case PoolState pool:
                var leads = pool.Waiting.ById.Keys.Concat(pool.Placed.Keys).Concat(pool.Working.Keys).ToArray();
                Assert.Equal(leads.Length, leads.Distinct().Count());
                foreach (var (stage, counts) in pool.Stages)
                {
                    Assert.Equal(pool.Waiting.ById.Values.Count(w => w.Lead.Stage == stage), counts.Queued);
                    Assert.Equal(pool.Placed.Values.Count(p => p.Lead.Stage == stage), counts.Placed);
                    Assert.Equal(pool.Working.Values.Count(p => p.Lead.Stage == stage), counts.Working);
                }
                break;
            case FlowState flow:
                Assert.Equal(flow.Waitlist.Count, flow.Waitlist.ByAge.Count);
                Assert.Equal(flow.Waitlist.Count, flow.Waitlist.ByValue.Count);
                break;
            case CampaignState campaign:
                Assert.InRange(campaign.Signal.Multiplier, 0, 1);
                break;
        }
    }
}
