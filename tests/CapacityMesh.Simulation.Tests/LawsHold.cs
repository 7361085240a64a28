using CapacityMesh.Simulation.Swarm;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: no law of the design breaks, whatever is drawn: workload, habits, crashes, lost and doubled messages, clocks. Method: a fixed batch of seeds, so
// that a failure repeats; the batch must also reach every moment in which defects hide, or it proves nothing.
public sealed class LawsHold
{
    private const ulong First = 1;
    private const int Seeds = 120;

    [Fact]
    public void Every_law_holds_over_a_fixed_batch_that_reaches_every_moment()
    {
        var report = LawCheck.Run(First, Seeds);

        Assert.True(report.Passed, report.ToText());
        Assert.Equal(Seeds, report.Seeds);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(10UL)]
    public void The_same_seed_writes_the_same_bytes(ulong seed)
    {
        Assert.Equal(LawCheck.One(seed).Digest, LawCheck.One(seed).Digest);
        Assert.NotEqual(LawCheck.One(seed).Digest, LawCheck.One(seed + 1).Digest);
    }

    [Fact]
    public void An_interrupted_batch_tells_what_is_known_so_far()
    {
        using var cancel = new CancellationTokenSource();
        var report = LawCheck.Run(First, 120, _ => cancel.Cancel(), cancel.Token);

        Assert.InRange(report.Seeds, 1, 100);
        Assert.Null(report.Failure);
        Assert.Contains("of 120 seeds", report.ToText(), StringComparison.Ordinal);
    }
}
