using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>What a live workspace has learned of the world: who comes, who passes, how long work takes, and what a lead costs.</summary>
public static class PictureLearning
{
    // Fewer finished works than this say too little about how long work takes.
    private const int FinishedMin = 5;

    // Whoever says that they are away says not for how long.
    private static readonly TimeSpan BackAfter = TimeSpan.FromHours(12);

    /// <summary>Fills in what the states tell.</summary>
    public static Picture Of(Picture picture)
    {
        var filled = picture with { Rates = RatesOf(picture), Arrivals = ArrivalsOf(picture), CostPerLead = CostsOf(picture) };
        return Present(WithoutProposals(filled));
    }

    private static ImmutableSortedDictionary<string, StageRate> RatesOf(Picture picture)
    {
        var learned = HeadroomModel.PassRates(picture.Process, picture.Flow.Pools);
        var rates = Picture.Empty<StageRate>().ToBuilder();
        for (var i = 0; i < learned.Length; i++)
        {
            var stage = picture.Process.Stages[i];
            var counts = picture.Pools.GetValueOrDefault(stage.Pool)?.Stages.GetValueOrDefault(stage.Id);
            rates[stage.Id] = new StageRate(learned[i], PassRateLearning.Evidence(counts ?? StageCounts.None(stage.Id)), WorkOf(picture, stage.Pool));
        }
        return rates.ToImmutable();
    }

    // The people's own means, weighed by how much each has finished.
    private static TimeSpan? WorkOf(Picture picture, string pool)
    {
        var known = picture.PeopleOf(pool).Select(p => p.Value).Where(p => p.Finished >= FinishedMin && p.WorkSecondsMean > 1).ToArray();
        var works = known.Sum(p => (double)p.Finished);
        return works > 0 ? TimeSpan.FromSeconds(known.Sum(p => p.WorkSecondsMean * p.Finished) / works) : null;
    }

    private static ImmutableSortedDictionary<string, ArrivalRate> ArrivalsOf(Picture picture)
    {
        var arrivals = Picture.Empty<ArrivalRate>().ToBuilder();
        foreach (var (campaign, perWeek) in SpendPlanner.Demand(picture.Flow, picture.At))
        {
            // A week of arrivals is what the rate was seen in.
            if (perWeek > 0) arrivals[campaign] = new ArrivalRate((double)perWeek, Math.Max(1, (double)perWeek));
        }
        return arrivals.ToImmutable();
    }

    // What was spent so far, by the leads that came of it; else the planned budget, by the leads that it is thought to bring.
    private static ImmutableSortedDictionary<string, Money> CostsOf(Picture picture)
    {
        var costs = Picture.Empty<Money>().ToBuilder();
        foreach (var (id, campaign) in picture.Campaigns)
        {
            var captured = campaign.CountOf(Outcome.Captured);
            var currency = campaign.Costs.IsEmpty ? null : campaign.Costs[^1].Amount.Currency;
            var spent = campaign.Costs.Where(c => c.Amount.Currency == currency).Sum(c => c.Amount.Amount);
            if (spent > 0 && captured > 0) costs[id] = new Money(decimal.Round(spent / captured, 4), currency!);
            else if (campaign.Profile.DailyBudget is { } budget && picture.Arrivals.TryGetValue(id, out var rate)) costs[id] = new Money(decimal.Round(budget.Amount * 7 / (decimal)rate.PerWeek, 4), budget.Currency);
        }
        return costs.ToImmutable();
    }

    private static Picture WithoutProposals(Picture picture)
    {
        var proposing = picture.Campaigns.Where(c => c.Value.Profile.Mode is SpendMode.Propose).ToArray();
        if (proposing.Length == 0) return picture;
        var campaigns = picture.Campaigns.SetItems(proposing.Select(c => KeyValuePair.Create(c.Key, c.Value with { Profile = c.Value.Profile with { Mode = SpendMode.Apply }, Proposed = null })));
        return (picture with { Campaigns = campaigns }).Assuming("Signals that wait for approval are taken to be approved at once.");
    }

    private static Picture Present(Picture picture)
    {
        var absent = picture.People.Where(p => p.Value is { Phase: SalespersonPhase.Active, Status: not PresenceStatus.Available }).ToArray();
        if (absent.Length == 0) return picture;
        var spell = new Spell(picture.At, picture.At + BackAfter);
        var people = picture.People.SetItems(absent.Select(p => KeyValuePair.Create(p.Key, p.Value with
        {
            Status = PresenceStatus.Available, Profile = p.Value.Profile with { Away = p.Value.Profile.Away.Add(spell) },
        })));
        var who = absent.Length == 1 ? "1 person is" : $"{absent.Length} people are";
        return (picture with { People = people }).Assuming($"{who} away or offline now, and taken to be back within 12 hours.");
    }
}
