using System.Diagnostics;
using System.Globalization;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Engine;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Turns;
using CapacityMesh.Runtime.World;

namespace CapacityMesh.Benchmarks;

/// <summary>Turns decided and applied a second, in memory, on one core: whole journeys through the engine, and single machines by themselves.</summary>
internal static class TurnsBenchmark
{
    private const string Workspace = "acme";
    private const int People = 20;
    private const int LeadsPerBatch = 64;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(4);

    public static void Run()
    {
        var journeys = new Journeys();
        journeys.For(TimeSpan.FromSeconds(3));
        var (turns, allocated) = journeys.For(Lasts);
        Print("engine: whole journeys", turns, allocated);
        Console.WriteLine(journeys.WhatHappened());
        Print("engine: one machine that answers", Repeats(), 0);
        Print("decide: contact captures, lead opens", Bare(), 0);
    }

    private static void Print(string what, double perSecond, double bytes) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-40} {perSecond,12:N0} turns/s{(bytes > 0 ? $"  {bytes:N0} bytes/turn" : "")}"));

    // The engine's own cost: a contact takes signals, which nobody else has to hear of.
    private static double Repeats()
    {
        var engine = new MeshEngine(new PublishedWorld(_ => null), () => DateTimeOffset.UnixEpoch);
        var targets = Enumerable.Range(0, 1_000).Select(i => new MeshRequest(new EntityId(Workspace, EntityKind.Contact, $"c{i}"), new ContactCommand.Signal("visit", 1)) { TargetIsNew = true })
            .Select(r => new Envelope(r.Target, r.Command, new Cause.Request(r))).ToArray();
        var (count, began) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < Lasts)
        {
            foreach (var envelope in targets) engine.Run(envelope);
            engine.Seal();
            count += targets.Length;
        }
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double Bare()
    {
        var world = new PublishedWorld(_ => null);
        var contact = new Turn(new EntityId(Workspace, EntityKind.Contact, "c"), DateTimeOffset.UnixEpoch, world);
        var lead = new Turn(new EntityId(Workspace, EntityKind.Lead, "l"), DateTimeOffset.UnixEpoch, world);
        var submission = new Submission("l", "c", "spring", DateTimeOffset.UnixEpoch, []);
        var verdict = new Verdict(IntakeDecision.Waitlisted, 0, 1, null, new Reason("gated", "x"));
        var (count, began) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(began) < Lasts)
        {
            for (var i = 0; i < 1_000; i++)
            {
                ContactMachine.Decide(ContactMachine.Initial, new ContactCommand.Capture(submission), contact);
                LeadMachine.Decide(LeadMachine.Initial, new LeadCommand.Open(submission, verdict), lead);
            }
            count += 2_000;
        }
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Leads that come, are offered, accepted, contacted and completed; time passes so that the people's week lasts.</summary>
    private sealed class Journeys
    {
        private readonly MeshEngine engine;
        private DateTimeOffset now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        private long lead;

        public Journeys()
        {
            engine = new MeshEngine(new PublishedWorld(_ => null), () => now);
            engine.LoadNeeded = id => engine.Loaded(id, null);
            engine.TurnFailed = (envelope, fault) => throw new InvalidOperationException($"failed on {envelope.Command}", fault);
            Ask(EntityId.Flow(Workspace), new FlowCommand.DefineProcess(new Core.Routing.Process(
                0, [new PoolDefinition("sales", PoolKind.People)], [new Stage("discovery", "sales", 1, 0.5m, TimeSpan.FromDays(2), TimeSpan.FromHours(1), Wins: true)],
                0.1m, TimeSpan.FromMinutes(5), TimeSpan.FromDays(1), TimeSpan.FromDays(14), TimeSpan.FromHours(1), WaitlistRules.Default)));
            Ask(new EntityId(Workspace, EntityKind.Campaign, "spring"), new CampaignCommand.Configure(CampaignProfile.Default));
            for (var i = 0; i < People; i++)
            {
                Ask(new EntityId(Workspace, EntityKind.Salesperson, $"p{i:00}"), new SalespersonCommand.Configure(new SalespersonProfile(["sales"], 50, 10, [], null, [], [])));
            }
            Settle();
        }

        public (double PerSecond, double Bytes) For(TimeSpan time)
        {
            var (turns, bytes, began) = (engine.TurnsTaken, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(began) < time) Step();
            turns = engine.TurnsTaken - turns;
            return (turns / Stopwatch.GetElapsedTime(began).TotalSeconds, (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / turns);
        }

        /// <summary>A figure is worth nothing if the leads only waited.</summary>
        public string WhatHappened()
        {
            var totals = ((FlowState)engine.Find(EntityId.Flow(Workspace))!.State).Totals;
            var delivered = ((CampaignState)engine.Find(new EntityId(Workspace, EntityKind.Campaign, "spring"))!.State).CountOf(Outcome.Delivered);
            return string.Create(CultureInfo.InvariantCulture, $"  of {totals.Captured:N0} leads {totals.Admitted:N0} admitted, {totals.Deflected:N0} deflected, {delivered:N0} delivered; {engine.TurnsTaken / (double)totals.Captured:0.0} turns a lead");
        }

        private void Step()
        {
            var first = lead;
            for (var i = 0; i < LeadsPerBatch; i++)
            {
                var (id, contact) = ($"l{++lead:00000000}", $"c{lead:00000000}");
                Ask(new EntityId(Workspace, EntityKind.Contact, contact), new ContactCommand.Capture(new Submission(id, contact, "spring", now, [])), isNew: true);
            }
            Settle();
            for (var i = first + 1; i <= lead; i++) Work(new EntityId(Workspace, EntityKind.Lead, $"l{i:00000000}"));
            Settle();
            now += TimeSpan.FromMinutes(15 * LeadsPerBatch);
            while (engine.Timers.TryTake(now, out var timer)) engine.Run(new Envelope(timer.Entity, MachineType.Of(timer.Entity.Kind).TimerElapsed(timer.Name), new Cause.Timer(timer)));
            Settle();
            engine.Evict(50_000, long.MaxValue);
        }

        private void Work(EntityId id)
        {
            if (engine.Find(id)?.State is not LeadState { Phase: LeadPhase.Offered, Person: { } person }) return;
            Ask(id, new LeadCommand.Accept(person));
            Ask(id, new LeadCommand.Contacted(person));
            Ask(id, new LeadCommand.Complete(person, StageOutcome.Passed, null, null));
        }

        private void Ask(EntityId target, ICommand command, bool isNew = false) =>
            engine.Run(new Envelope(target, command, new Cause.Request(new MeshRequest(target, command) { TargetIsNew = isNew }), new Ask("b")));

        private void Settle()
        {
            engine.Settle();
            engine.Seal();
        }
    }
}
