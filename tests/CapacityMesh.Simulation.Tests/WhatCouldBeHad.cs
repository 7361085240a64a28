using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.Reporting;
using CapacityMesh.Simulation.Scenarios;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: what the tables are measured by is honest. Method: runs held against what could be reached at all with their leads; the estimator held against one that
// knows both rates.
public sealed class WhatCouldBeHad
{
    [Theory]
    [InlineData("act-3", 101)]
    [InlineData("seed-1x", 102)]
    public void Nobody_delivers_more_than_can_be_reached_and_letting_everybody_in_reaches_it(string name, ulong seed)
    {
        var cards = Laboratory.Compare(ScenarioCatalog.Find(name)!, [PolicyKind.None, PolicyKind.Mesh], [seed]).Cards;
        Assert.All(cards, c => Assert.True(c.Cards[0].Expected <= c.Cards[0].Reachable, $"{c.Policy}: {c.Cards[0].Expected} of {c.Cards[0].Reachable}"));
        Assert.InRange(cards[0].Cards[0].Expected, 0.97 * cards[0].Cards[0].Reachable, cards[0].Cards[0].Reachable);
        // The deliveries that letting everybody in has more are some that were promised for earlier.
        Assert.True(cards[1].Cards[0].Kept >= cards[0].Cards[0].Kept, $"{cards[1].Cards[0].Kept} kept, {cards[0].Cards[0].Kept} without the gate");
        Assert.True(cards[0].Cards[0].Reachable <= cards[0].Cards[0].Bound + 3);
    }

    [Theory]
    [InlineData(0.4, 0.2)]
    [InlineData(0.5, 0.25)]
    [InlineData(0.2, 0.4)]
    [InlineData(0.4, 0.8)]
    public void A_halving_or_doubling_is_found_nearly_as_soon_as_by_one_who_knows_both_rates_and_strays_as_much(double before, double after)
    {
        var row = LearningTable.Row(before, after, runs: 500);
        Assert.True(row.Within >= 0.95, $"{row}");
        Assert.True(row.At >= row.Possible - 0.06, $"{row}");
        Assert.True(row.Later >= 0.94, $"{row}");
        Assert.True(row.Strays <= 0.06 && row.Spells <= 9, $"{row}");
    }
}
