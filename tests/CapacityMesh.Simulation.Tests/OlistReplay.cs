using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Replay;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: real leads replay to the end through the real machines, with every law checked at the end. Method: the window 2018-01-01 to 05-31 of the
// Olist marketing funnel, read from where CAPACITYMESH_OLIST or ../shared/data/olist says; skipped, plainly, where the data are not.
public sealed class OlistReplay
{
    private static readonly ReplayOptions Window = new()
    {
        From = new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2018, 6, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [OlistFact]
    public void The_window_holds_the_leads_that_its_description_counts()
    {
        var scenario = ReplayScenario.From(Read(), Window);

        Assert.Equal(5_998, scenario.Arrivals(new Chance.SeedStreams(1)).Count());
    }

    [OlistFact]
    public void All_leads_replay_to_the_end_and_every_law_holds()
    {
        var table = Laboratory.Compare(ReplayScenario.From(Read(), Window with { Weekly = 10 }), [PolicyKind.Mesh, PolicyKind.None], [1]);

        var mesh = table.Cards.Single(c => c.Policy is PolicyKind.Mesh).Cards[0];
        var none = table.Cards.Single(c => c.Policy is PolicyKind.None).Cards[0];
        Assert.Equal(5_998, mesh.Captured);
        Assert.Equal(5_998, none.Admitted);
        Assert.True(mesh.BrokenPromises <= 0.1, $"{mesh.BrokenPromises:P1} broken with the gate");
        Assert.True(none.BrokenPromises > 0.5, $"{none.BrokenPromises:P1} broken without it");
    }

    private static History Read() => History.Read(
        Path.Combine(OlistFactAttribute.Folder!, "olist_marketing_qualified_leads_dataset.csv"), Path.Combine(OlistFactAttribute.Folder!, "olist_closed_deals_dataset.csv"), ColumnMap.Olist);
}

/// <summary>A fact that needs the Olist files.</summary>
public sealed class OlistFactAttribute : FactAttribute
{
    public OlistFactAttribute()
    {
        if (Folder is null) Skip = "The Olist files are not here: set CAPACITYMESH_OLIST or put them into ../shared/data/olist.";
    }

    /// <summary>Where the files are; null when nowhere.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CAPACITYMESH_OLIST") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CapacityMesh.sln"))) continue;
            var beside = Path.Combine(folder.FullName, "..", "shared", "data", "olist");
            return Directory.Exists(beside) ? beside : null;
        }
        return null;
    }
}
