using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Tests.Testing;

namespace CapacityMesh.Core.Tests.Scenarios;

// Goal: no order of events loses a lead, overfills a person or lets a count drift. Method: seeded businesses at random on all machines joined; capacity
// is checked after every act, everything else whenever nothing is on its way. Even seeds deliver oldest first, odd seeds let messages overtake.
public sealed class RandomWorkloadTests
{
    private const int Acts = 150;
    // Seeds of each batch; more of them for a longer hunt.
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("CAPACITYMESH_SEEDS") ?? "3", System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Batches))]
    public void Every_lead_is_in_one_place_and_every_count_equals_a_recount(int batch)
    {
        for (var seed = batch * Seeds; seed < (batch + 1) * Seeds; seed++) Run((ulong)seed);
    }

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, 8)];

    private static void Run(ulong seed)
    {
        try
        {
            var workload = new Workload(seed, overtaking: seed % 2 == 1);
            for (var i = 0; i < Acts; i++)
            {
                workload.Act();
                workload.Pass();
                MeshLaws.CheckCapacity(workload.Net);
                if (i % 5 != 0) continue;
                workload.Net.Settle();
                MeshLaws.CheckQuiet(workload.Net);
            }
        }
        catch (Exception problem) when (problem is not Xunit.Sdk.FailException)
        {
            Assert.Fail($"Seed {seed}: {problem.Message}\n{problem.StackTrace}");
        }
    }

    [Fact]
    public void The_random_businesses_reach_every_phase_of_a_lead_and_of_a_slot()
    {
        var leads = new HashSet<LeadPhase>();
        var slots = new HashSet<SlotPhase>();
        for (var seed = 0UL; seed < 8; seed++)
        {
            var workload = new Workload(seed, overtaking: true);
            for (var i = 0; i < Acts; i++)
            {
                workload.Act();
                workload.Pass();
                leads.UnionWith(workload.Net.All<LeadState>(EntityKind.Lead).Select(l => l.State.Phase));
                slots.UnionWith(workload.Net.All<SlotState>(EntityKind.DeliverySlot).Select(s => s.State.Phase));
            }
        }
        Assert.Empty(Enum.GetValues<LeadPhase>().Except(leads));
        Assert.Empty(Enum.GetValues<SlotPhase>().Except(slots));
    }
}
