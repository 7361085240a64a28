using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.Business;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Reporting;
using CapacityMesh.Simulation.Scenarios;

namespace CapacityMesh.Simulation;

/// <summary>One scenario under one policy with one seed, through the real machines.</summary>
public sealed class ScenarioRun : IAsyncDisposable
{
    private readonly Scenario scenario;
    private readonly PolicyKind policy;
    private readonly SeedStreams seeds;
    private readonly IEnumerator<Arrival> arrivals;
    private readonly Tally tally;
    private int thisWeek;
    private int letInThisWeek;
    private int captured;

    // Often enough to see that a long run lives, rare enough to print nothing for a short one.
    private static readonly TimeSpan Year = TimeSpan.FromDays(364);

    /// <summary>Sets the stage; nothing has happened yet.</summary>
    public ScenarioRun(Scenario scenario, PolicyKind policy, ulong seed)
    {
        (this.scenario, this.policy) = (scenario, policy);
        seeds = new SeedStreams(seed);
        Host = new VirtualHost(scenario.Start);
        tally = new Tally(scenario, seeds, Host);
        arrivals = scenario.Arrivals(seeds).GetEnumerator();
        var workforce = new Workforce(Host, seeds, scenario.Habits, scenario.Fates(seeds));
        Host.Follow(workforce.Hear);
        Host.Follow(new Deliveries(Host).Hear);
        Host.Follow(tally.Hear);
    }

    /// <summary>Whether leads were left out because there were too many for one run.</summary>
    public bool CutOff => captured >= ScenarioCheck.LeadsMax;

    /// <summary>The host that it runs in.</summary>
    public VirtualHost Host { get; }

    /// <summary>Runs to the end, drain included, or until cancelled; then what is known so far.</summary>
    /// <param name="progress">Told after each year of virtual time.</param>
    /// <param name="cancel">Stops between two steps.</param>
    public Scorecard Run(Action<string>? progress = null, CancellationToken cancel = default)
    {
        SetUp();
        for (var until = scenario.Start + Year; until < scenario.End && !cancel.IsCancellationRequested; until += Year)
        {
            Host.RunUntil(until, cancel);
            if (!cancel.IsCancellationRequested) progress?.Invoke($"  {until:yyyy-MM-dd}: {captured} leads, {Host.TurnsTaken} turns");
        }
        Host.RunUntil(scenario.End, cancel);
        Host.RunUntil(scenario.End + scenario.Drain, cancel);
        return tally.Close();
    }

    /// <summary>Sets the business up: process, people, slots, campaigns, and the first arrival.</summary>
    public void SetUp()
    {
        var process = policy is PolicyKind.Mesh ? scenario.Process : scenario.Process with { Gate = GateMode.Observe };
        Require(Host.Ask(EntityId.Flow(Host.Workspace), new FlowCommand.DefineProcess(process)));
        foreach (var person in scenario.People)
        {
            Host.Schedule(scenario.Start + person.JoinsAfter, () => Require(Host.Ask(Id(EntityKind.Salesperson, person.Id), new SalespersonCommand.Configure(person.Profile))));
        }
        foreach (var campaign in scenario.Campaigns) Require(Host.Ask(Id(EntityKind.Campaign, campaign.Id), new CampaignCommand.Configure(campaign.Profile)));
        foreach (var slot in scenario.Slots)
        {
            // A business plans about a quarter ahead.
            Host.Schedule(slot.StartsAt.AddDays(-90), () => Require(Host.Ask(Id(EntityKind.Pool, slot.Pool), new PoolCommand.PlanSlot(slot.Id, slot.StartsAt, slot.EndsAt))));
        }
        foreach (var happening in scenario.Happenings) Host.Schedule(scenario.Start + happening.After, () => happening.Happen(Host));
        ScheduleNextArrival();
    }

    private void ScheduleNextArrival()
    {
        if (captured >= ScenarioCheck.LeadsMax || !arrivals.MoveNext()) return;
        var arrival = arrivals.Current;
        Host.Schedule(arrival.At, () =>
        {
            if (Comes(arrival)) Host.Schedule(arrival.At + scenario.AdLag, () => Capture(arrival));
            ScheduleNextArrival();
        });
    }

    private void Capture(Arrival arrival)
    {
        captured++;
        tally.Captured(arrival);
        var submission = new Submission(arrival.LeadId, $"contact-{arrival.LeadId}", arrival.Campaign, arrival.At, []);
        Host.Tell(Id(EntityKind.Contact, submission.Contact), new ContactCommand.Capture(submission));
    }

    // Whether the campaign brings this lead: a draw of its own per lead, so that every policy meets the same people.
    private bool Comes(Arrival arrival)
    {
        tally.Offered(arrival);
        var week = (int)((arrival.At - scenario.Start).TotalDays / 7);
        if (week != thisWeek) (thisWeek, letInThisWeek) = (week, 0);
        var share = policy switch
        {
            PolicyKind.Mesh when !scenario.ArrivalsAreHistory => SignalOf(arrival.Campaign),
            PolicyKind.Cap => letInThisWeek < FirstPoolPerWeek() ? 1 : 0,
            PolicyKind.Threshold => QueuedFirst() <= FirstPoolPerWeek() / 2 ? 1 : 0,
            _ => 1,
        };
        var comes = seeds.Fresh($"click/{arrival.LeadId}").NextUnit() < share;
        if (comes) letInThisWeek++;
        return comes;
    }

    private double SignalOf(string campaign) => (double)(Host.Find<CampaignState>(Id(EntityKind.Campaign, campaign))?.Signal.Multiplier ?? 1);

    private double FirstPoolPerWeek()
    {
        var stage = scenario.Process.Stages[0];
        return (double)scenario.People.Where(p => p.Profile.Pools.Contains(stage.Pool) && scenario.Start + p.JoinsAfter <= Host.Now).Sum(p => p.Profile.WeeklyCapacity / stage.Effort);
    }

    private int QueuedFirst() => Host.Find<PoolState>(Id(EntityKind.Pool, scenario.Process.Stages[0].Pool))?.Waiting.Count ?? 0;

    private EntityId Id(EntityKind kind, string key) => new(Host.Workspace, kind, key);

    private static void Require(Answer? answer)
    {
        if (answer is Answer.Rejected rejected) throw new InvalidOperationException($"The scenario cannot be set up: {rejected.Rejection.Text}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
