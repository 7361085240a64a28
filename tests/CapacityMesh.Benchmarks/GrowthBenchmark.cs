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

/// <summary>
/// What a turn costs as open leads grow from a thousand to a million, all in memory: leads come and are retracted while the others wait. Spread over
/// workspaces of a thousand, as a host has them; and all on one workspace's waitlist, the worst case.
/// </summary>
internal static class GrowthBenchmark
{
    private const int LeadsPerBatch = 64;
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    public static void Run()
    {
        double? spread = null, single = null;
        for (var open = 1_000; open <= 1_000_000; open *= 10)
        {
            var apart = Measure(open, workspaces: open / 1_000);
            Console.Write(string.Create(CultureInfo.InvariantCulture, $"{open,9:N0} open leads: {apart:0.00} µs a turn in workspaces of 1,000 ({apart / (spread ??= apart):0.00} times)"));
            // One workspace keeps a hundred thousand on its waitlist at most.
            if (open <= Limits.WaitlistMax)
            {
                var one = Measure(Math.Min(open, Limits.WaitlistMax - (2 * LeadsPerBatch)), workspaces: 1);
                Console.Write(string.Create(CultureInfo.InvariantCulture, $"; {one:0.00} µs on one waitlist ({one / (single ??= one):0.00} times)"));
            }
            Console.WriteLine();
        }
    }

    private static double Measure(int open, int workspaces)
    {
        var crowd = new Crowd(workspaces);
        crowd.Come(open);
        // Machine code first.
        crowd.ComeAndGo(Lasts / 2);
        GC.Collect();
        return crowd.ComeAndGo(Lasts);
    }

    private sealed class Crowd
    {
        private static readonly DateTimeOffset Begins = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        private readonly MeshEngine engine = new(new PublishedWorld(_ => null), () => Begins);
        private readonly string[] workspaces;
        private long lead;

        public Crowd(int count)
        {
            engine.LoadNeeded = id => engine.Loaded(id, null);
            engine.TurnFailed = (envelope, fault) => throw new InvalidOperationException($"failed on {envelope.Command}", fault);
            workspaces = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"w{i:0000}"))];
            foreach (var workspace in workspaces) Open(workspace);
            Settle();
        }

        public void Come(int leads)
        {
            for (var i = 0; i < leads; i++)
            {
                Capture();
                if (i % LeadsPerBatch == 0) Settle();
            }
            Settle();
        }

        /// <summary>Microseconds a turn.</summary>
        public double ComeAndGo(TimeSpan time)
        {
            var (turns, began) = (engine.TurnsTaken, Stopwatch.GetTimestamp());
            var batch = new List<EntityId>(LeadsPerBatch);
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                batch.Clear();
                for (var i = 0; i < LeadsPerBatch; i++) batch.Add(Capture());
                Settle();
                foreach (var id in batch) Ask(id, new LeadCommand.Retract(new Reason("withdrawn", "The person thought better of it.")));
                Settle();
            }
            return Stopwatch.GetElapsedTime(began).TotalMicroseconds / (engine.TurnsTaken - turns);
        }

        private void Open(string workspace)
        {
            Ask(EntityId.Flow(workspace), new FlowCommand.DefineProcess(Core.Routing.Process.Empty with
            {
                Pools = [new PoolDefinition("sales", PoolKind.People)],
                Stages = [new Stage("discovery", "sales", 1, 0.5m, TimeSpan.FromDays(30), Wins: true)],
                Waitlist = WaitlistRules.Default with { Limit = Limits.WaitlistMax },
            }));
            Ask(new EntityId(workspace, EntityKind.Campaign, "spring"), new CampaignCommand.Configure(CampaignProfile.Default));
            Ask(new EntityId(workspace, EntityKind.Salesperson, "ann"), new SalespersonCommand.Configure(new SalespersonProfile(["sales"], 50, 10, [], null, [], [])));
        }

        private EntityId Capture()
        {
            var (id, contact) = (string.Create(CultureInfo.InvariantCulture, $"l{++lead:00000000}"), string.Create(CultureInfo.InvariantCulture, $"c{lead:00000000}"));
            var workspace = workspaces[lead % workspaces.Length];
            Ask(new EntityId(workspace, EntityKind.Contact, contact), new ContactCommand.Capture(new Submission(id, contact, "spring", Begins, [])));
            return new EntityId(workspace, EntityKind.Lead, id);
        }

        private void Ask(EntityId target, ICommand command) =>
            engine.Run(new Envelope(target, command, new Cause.Request(new MeshRequest(target, command)), new Ask("b")));

        private void Settle()
        {
            engine.Settle();
            engine.Seal();
        }
    }
}
