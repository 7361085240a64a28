using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: the simulator itself is right where theory is exact. Method: a business that is an M/M/c queue (Poisson leads, exponential work, people who
// answer at once and hold one lead) runs through the real machines; waits are compared with Erlang C, and leads in the queue with Little's law.
public sealed class QueueingTheory
{
    private static readonly TimeSpan Work = TimeSpan.FromHours(10);

    [Theory]
    [InlineData(2.5, 4, 0.319857, 0.213238)]
    [InlineData(2.5, 5, 0.130371, 0.052149)]
    [InlineData(4, 6, 0.284761, 0.142380)]
    [InlineData(10, 14, 0.174132, 0.043533)]
    public void Erlang_c_meets_published_vectors(double load, int people, double waits, double wait)
    {
        Assert.Equal(waits, ErlangC(load, people), 1e-6);
        Assert.Equal(wait, ErlangC(load, people) / (people - load), 1e-6);
    }

    [Theory]
    [InlineData(2.5, 4)]
    [InlineData(4, 6)]
    public async Task Leads_wait_as_often_and_as_long_as_Erlang_says_and_Little_holds(double load, int people)
    {
        const int leads = 4_000;
        var scenario = Queue(load, people, leads);
        await using var run = new ScenarioRun(scenario, PolicyKind.None, seed: 5);
        var (queued, waits) = (new Dictionary<EntityId, DateTimeOffset>(), new List<TimeSpan>());
        var (inQueue, area, last) = (0, 0.0, scenario.Start);
        run.Host.Follow(turns =>
        {
            foreach (var turn in turns)
            {
                foreach (var fact in turn.Events)
                {
                    if (fact is not (LeadEvent.Admitted or LeadEvent.Accepted)) continue;
                    area += inQueue * (turn.At - last).TotalHours;
                    last = turn.At;
                    if (fact is LeadEvent.Admitted) { queued[turn.Entity] = turn.At; inQueue++; }
                    else { waits.Add(turn.At - queued[turn.Entity]); inQueue--; }
                }
            }
        });
        run.Run();

        // Answering an offer takes a second; whoever waited longer than a minute waited for somebody.
        var theory = ErlangC(load, people);
        Assert.InRange(waits.Count, leads * 0.93, leads * 1.07);
        Assert.InRange(waits.Count(w => w > TimeSpan.FromMinutes(1)) / (double)waits.Count, theory * 0.85, theory * 1.15);
        Assert.InRange(waits.Average(w => w.TotalHours) / Work.TotalHours, theory / (people - load) * 0.75, theory / (people - load) * 1.25);
        Assert.Equal(waits.Sum(w => w.TotalHours), area, area * 1e-6);
    }

    // Little's law: the time-average number in the queue is the arrival rate times the mean wait; both sides times the span are the area above.
    private static Scenario Queue(double load, int people, int leads)
    {
        var perWeek = load / Work.TotalDays * 7;
        var span = TimeSpan.FromDays(leads / perWeek * 7);
        return new Scenario
        {
            Name = "queue", Summary = "An M/M/c queue.", Span = span, Drain = TimeSpan.FromDays(30),
            Process = Process.Empty with
            {
                Pools = [new("sales", PoolKind.People)],
                Stages = [new("call", "sales", 1, 1, TimeSpan.FromDays(300))],
            },
            People = [.. Enumerable.Range(1, people).Select(i => new ScenarioPerson($"p-{i}", SeedStory.Profile("sales", 1_000, concurrent: 1)))],
            Campaigns = [new("ads", CampaignProfile.Default, 1)],
            Arrivals = seeds => LeadStreams.Poisson(seeds, new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), span, [("ads", perWeek)]),
            Fates = seeds => (lead, _) => (StageOutcome.Passed, seeds.Fresh($"work/{lead}").Gap(Work)),
            Habits = new Habits(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0, 0, TimeSpan.FromSeconds(1), Work, Work),
        };
    }

    private static double ErlangC(double load, int people)
    {
        var blocked = 1.0;
        for (var k = 1; k <= people; k++) blocked = load * blocked / (k + (load * blocked));
        return blocked / (1 - (load / people * (1 - blocked)));
    }
}
