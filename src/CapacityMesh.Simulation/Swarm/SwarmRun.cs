using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal.Memory;
using CapacityMesh.Simulation.Chance;
using CapacityMesh.Simulation.Faults;
using CapacityMesh.Simulation.Laws;

namespace CapacityMesh.Simulation.Swarm;

/// <summary>What one seed brought.</summary>
/// <param name="Plan">What was drawn.</param>
/// <param name="Broken">What did not hold; empty when all did.</param>
/// <param name="Trail">The newest turns and faults when it ended.</param>
/// <param name="Moments">What was reached.</param>
/// <param name="Digest">A hash of everything that was written: equal when a run repeats bit for bit.</param>
/// <param name="Days">Virtual days.</param>
/// <param name="Turns">Turns committed.</param>
/// <param name="Leads">Leads in the end.</param>
/// <param name="Rests">How often everything was at rest and checked.</param>
public sealed record SwarmResult(SwarmPlan Plan, IReadOnlyList<string> Broken, IReadOnlyList<string> Trail, Moments Moments, ulong Digest, double Days, long Turns, int Leads, int Rests);

/// <summary>
/// One seed: a business at random under faults (safety: no law breaks at any step), then without them (liveness: everything settles).
/// One thread, virtual time, nothing of the machine: the same seed gives the same run.
/// </summary>
public sealed class SwarmRun : IAsyncDisposable
{
    // Longer than any lease, promise or wait of a town's processes, twice.
    private static readonly TimeSpan LivenessMost = TimeSpan.FromDays(8);
    private static readonly DateTimeOffset Start = new(2026, 3, 27, 6, 0, 0, TimeSpan.Zero);
    private const int TurnsBetweenRests = 40;
    private const int RestsBetweenFull = 100;

    private readonly Timeline time = new(Start);
    private readonly MemoryJournal journal = new();
    private readonly FaultSource faults;
    private readonly Witness witness;
    private readonly List<Activation> hosts = [];
    private readonly Front front;
    private readonly Leads leads;
    private readonly Operators operators;
    private readonly Crew crew;
    private readonly Steward steward;
    private readonly SwarmPlan plan;
    private long turnsAtRest;
    private int rests;

    /// <summary>Sets the stage of a plan.</summary>
    public SwarmRun(SwarmPlan plan)
    {
        this.plan = plan;
        var seeds = new SeedStreams(plan.Seed);
        faults = new FaultSource(plan.Faults, seeds);
        witness = new Witness(time);
        for (var i = 0; i < plan.Faults.Hosts; i++) hosts.Add(new Activation($"host-{(char)('a' + i)}", time, journal, faults, witness));
        front = new Front(time, journal, hosts, faults, witness);
        var town = new Town(plan);
        leads = new Leads(time, journal, front, town, plan, seeds["leads"]);
        operators = new Operators(time, front, witness, leads, town, plan, seeds["operators"]);
        crew = new Crew(time, front, plan, seeds["crew"]);
        steward = new Steward(time, front, witness, seeds["steward"]);
        witness.Follow(crew.Hear);
    }

    /// <summary>Runs to the end, to the first violation, or until cancelled.</summary>
    public SwarmResult Run(CancellationToken cancel = default)
    {
        var end = Start + plan.Span;
        operators.Open();
        time.After(TimeSpan.FromMinutes(1), () => leads.Come(end));
        time.After(TimeSpan.FromMinutes(2), () => operators.Act(end));
        RunUntil(end, () => false, cancel);
        if (witness.Broken.Count == 0 && !cancel.IsCancellationRequested) Settle(cancel);
        return new SwarmResult(plan, witness.Broken, witness.Trail, witness.Moments, witness.Digest, (time.Now - Start).TotalDays, witness.Turns, leads.Count, rests);
    }

    private void Settle(CancellationToken cancel)
    {
        faults.SwitchOff();
        crew.IsOff = true;
        foreach (var host in hosts) host.Restart();
        steward.Begin();
        RunUntil(time.Now + LivenessMost, () => steward.IsDone && front.Waiting == 0 && IsAtRest(), cancel);
        if (witness.Broken.Count > 0 || cancel.IsCancellationRequested) return;
        var picture = Picture(isFull: true);
        witness.AtRest(picture);
        witness.AtEnd(new EndSeen(picture, front.Waiting, Outbox(1_000), journal.ParkedAsync(1_000, default).AsTask().GetAwaiter().GetResult().Count));
    }

    private void RunUntil(DateTimeOffset until, Func<bool> isDone, CancellationToken cancel)
    {
        while (witness.Broken.Count == 0 && !cancel.IsCancellationRequested && time.Step(until))
        {
            if (witness.Turns - turnsAtRest < TurnsBetweenRests || !IsAtRest()) continue;
            turnsAtRest = witness.Turns;
            witness.AtRest(Picture(isFull: ++rests % RestsBetweenFull == 0));
            if (isDone()) return;
        }
    }

    // Nothing on its way, at any host and in the journal; whoever asks may still have something to say.
    private bool IsAtRest()
    {
        foreach (var host in hosts)
        {
            if (!host.IsIdle) return false;
        }
        if (Outbox(1) > 0) return false;
        var due = journal.TimersAsync(Latest, 1, default).AsTask().GetAwaiter().GetResult();
        return due.Count == 0;
    }

    private DateTimeOffset Latest => hosts.Max(h => h.Now);

    private int Outbox(int most) => journal.OutboxAsync(0, most, default).AsTask().GetAwaiter().GetResult().Count;

    private MeshPicture Picture(bool isFull) => new(journal, Town.Workspace, Latest, witness.Truth, isFull);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
