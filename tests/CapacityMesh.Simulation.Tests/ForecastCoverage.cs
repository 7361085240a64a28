using CapacityMesh.Core.Kernel;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Scenarios;
using CapacityMesh.Simulation.WhatIf;
using Xunit;
using Xunit.Abstractions;

namespace CapacityMesh.Simulation.Tests;

// Goal: a range that promises eight of ten keeps about eight of ten. Method: three dozen businesses of different sizes and loads run for six weeks in virtual
// time; a forecast is made from what they have learned by then, and eight more weeks of the same run are counted against it.
public sealed class ForecastCoverage(ITestOutputHelper output)
{
    private const int Businesses = 36;
    private const int Futures = 16;

    [Fact]
    public async Task About_eight_of_ten_weeks_lie_within_the_range_that_says_so()
    {
        var seen = new Dictionary<string, List<bool>>();
        for (var i = 0; i < Businesses; i++)
        {
            await using var run = new ScenarioRun(Business(i), PolicyKind.Mesh, seed: 1_000 + (ulong)i);
            run.SetUp();
            run.Host.RunUntil(Business(i).Start.AddDays(42));
            var picture = (await PictureTaker.TakeAsync(new VirtualStates(run.Host), "default", run.Host.Now, CancellationToken.None))!;
            Compare(Forecast.Make(picture, seed: 1, Futures), Truth(run.Host, picture), seen);
        }
        foreach (var (measure, hits) in seen) output.WriteLine($"{measure}: {hits.Count(h => h)} of {hits.Count}, {hits.Count(h => h) / (double)hits.Count:P1}");
        var ranges = seen.Where(s => !s.Key.EndsWith("one number", StringComparison.Ordinal)).ToDictionary();
        var all = ranges.Values.SelectMany(h => h).ToArray();
        output.WriteLine($"all: {all.Count(h => h) / (double)all.Length:P1}");
        Assert.InRange(all.Count(h => h) / (double)all.Length, 0.75, 0.88);
        Assert.All(ranges, measure => Assert.InRange(measure.Value.Count(h => h) / (double)measure.Value.Count, 0.72, 0.92));
    }

    // Loads from just fitting to two and a half times, one to three salespeople, slots that are scarce or ample.
    private static Scenario Business(int number)
    {
        var salespeople = 1 + (number % 3);
        var slots = new[] { 4, 12, 60 }[number / 3 % 3];
        var load = 1 + (number % 4 * 0.5);
        var carries = Math.Min(salespeople * 20, slots / 30.0 * 7 / (SeedStory.DiscoveryPasses * SeedStory.ReviewPasses));
        return SeedStory.Build($"business-{number}", "One of many.", salespeople, founderWeekly: 20, slots, carries * load, lasting: TimeSpan.FromDays(120));
    }

    private static RunOutcome Truth(VirtualHost host, Picture picture)
    {
        var tally = new RunTally(picture, host, Forecast.Weeks);
        host.Follow(tally.Hear);
        foreach (var end in tally.WeekEnds)
        {
            host.RunUntil(end);
            tally.CloseWeek();
        }
        return tally.Close();
    }

    private static void Compare(IReadOnlyList<ForecastWeek> expected, RunOutcome truth, Dictionary<string, List<bool>> seen)
    {
        foreach (var (week, was) in expected.Zip(truth.Weeks))
        {
            Count("admitted", week.Admitted, was.Admitted);
            Count("won", week.Won, was.Won);
            Count("delivered", week.Delivered, was.Delivered);
        }

        void Count(string measure, Spread range, int value)
        {
            // Where eight of ten futures name one number, the slots of that week decide and not chance: no range of eight of ten can be told, and it is right more often.
            if (range.P10 == range.P90) measure += ", one number";
            var hit = range.Covers(value);
            if (!seen.TryGetValue(measure, out var hits)) seen[measure] = hits = [];
            hits.Add(hit);
        }
    }
}
