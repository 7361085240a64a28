using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>Reads a business from a scenario file. What is wrong is noted; the picture is only good when nothing is.</summary>
public static class PictureReader
{
    private const decimal LeadsPerWeekMax = 100_000_000;
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The picture.</summary>
    public static Picture Read(Field top, int weeks)
    {
        var at = top.Find("at")?.Instant() ?? DefaultStart;
        var process = ProcessReader.Read(top.Need("process")) with { Version = 1 };
        var flow = new FlowState { Process = process, Versions = ImmutableSortedDictionary<int, Process>.Empty.SetItem(1, process) };
        var picture = new Picture
        {
            At = at, Flow = flow,
            Pools = process.Pools.DistinctBy(p => p.Id).ToImmutableSortedDictionary(p => p.Id, p => new PoolState
            {
                Phase = PoolPhase.Active, Kind = p.Kind, OfferTimeout = process.OfferTimeout, HoldTimeout = process.HoldTimeout, ReofferAfter = process.ReofferAfter,
            }, StringComparer.Ordinal),
            Rates = process.Stages.DistinctBy(s => s.Id).ToImmutableSortedDictionary(s => s.Id, s => new StageRate((double)s.PassRate, 0, null), StringComparer.Ordinal),
        };
        picture = ReadLearned(top, picture);
        picture = picture with { People = PeopleReader.Read(top, picture) };
        picture = ReadSlots(top, picture, weeks);
        picture = ReadCampaigns(top, picture, weeks);
        if (top.Errors.None) RequireCapacity(top.Errors, picture);
        return top.Errors.None ? LeadReader.Read(top, picture) : picture;
    }

    private static Picture ReadLearned(Field top, Picture picture)
    {
        if (top.Find("learned") is not { } learned) return picture;
        foreach (var stage in learned.Only([.. picture.Rates.Keys]).Keys.Where(picture.Rates.ContainsKey))
        {
            var field = learned.Need(stage).Only("passRate", "outcomes", "work");
            var known = new StageRate((double)(field.Find("passRate")?.Rate() ?? (decimal)picture.Rates[stage].Rate), (double)(field.Find("outcomes")?.Number(0, 1_000_000) ?? 0), field.Find("work")?.Duration());
            picture = picture with { Rates = picture.Rates.SetItem(stage, known) };
        }
        return picture;
    }

    private static Picture ReadSlots(Field top, Picture picture, int weeks)
    {
        foreach (var slot in top.Items("slots"))
        {
            var pool = slot.Only("id", "pool", "startsAt", "endsAt", "perMonth").Need("pool").Key();
            var known = picture.Process.Pools.FirstOrDefault(p => p.Id == pool);
            slot.Errors.Require(known is { Kind: PoolKind.Slots }, $"{slot.Path}.pool", known is null ? "unknownPool" : "poolOfPeople", "The process names no such pool of slots.");
            if (slot.Find("perMonth") is { } perMonth)
            {
                var pace = perMonth.Number(0.1m, 1_000);
                if (slot.Errors.None) picture = SlotPlan.Add(picture, pool, pace, picture.At, SlotPlan.Reach(picture, weeks), $"plan-{picture.Slots.Count}");
                continue;
            }
            var id = slot.Find("id")?.Key() ?? $"slot-{picture.Slots.Count + 1}";
            var (from, to) = (slot.Need("startsAt").Instant(), slot.Need("endsAt").Instant());
            slot.Errors.Require(to > from, $"{slot.Path}.endsAt", "endsBeforeStart", "The slot ends before it starts.")
                .Require(!picture.Slots.ContainsKey(id), $"{slot.Path}.id", "doubledId", "Another slot has this id.");
            if (to > picture.At) picture = picture with { Slots = picture.Slots.SetItem(id, new SlotState(SlotPhase.Open, pool, from, to, LeadId: null, HeldUntil: null)) };
        }
        return picture;
    }

    private static Picture ReadCampaigns(Field top, Picture picture, int weeks)
    {
        var leads = 0m;
        foreach (var item in top.Items("campaigns", Limits.CampaignsMax))
        {
            var id = item.Only("id", "channel", "valuePerWin", "leadsPerWeek", "learnedFrom", "costPerLead", "hold").Need("id").Key();
            item.Errors.Require(!picture.Campaigns.ContainsKey(id), $"{item.Path}.id", "doubledId", "Another campaign has this id.");
            var perWeek = item.Need("leadsPerWeek").Number(0, LeadsPerWeekMax, "impossibleRate");
            var hold = item.Find("hold")?.Word(("run", SpendAction.Run), ("ease", SpendAction.Ease), ("pause", SpendAction.Pause));
            leads += perWeek * weeks;
            var campaign = new CampaignState
            {
                IsConfigured = true, Since = picture.At,
                Profile = CampaignProfile.Default with { Channel = item.Find("channel")?.Key() ?? "unknown", ValuePerWin = item.Find("valuePerWin")?.Money() },
                Hold = hold is { } action ? new HumanHold(action, "As the scenario says.", Until: null) : null,
            };
            var cost = item.Find("costPerLead")?.Money();
            picture = picture with
            {
                Campaigns = picture.Campaigns.SetItem(id, campaign),
                Flow = picture.Flow with { Campaigns = picture.Flow.Campaigns.SetItem(id, new CampaignReport(
                    id, campaign.Profile.Channel, campaign.Profile.ValuePerWin, campaign.Profile.OnSilence, campaign.Profile.Mode, campaign.Signal, picture.At, null, campaign.Hold)) },
                Arrivals = perWeek > 0 ? picture.Arrivals.SetItem(id, new ArrivalRate((double)perWeek, (double)(item.Find("learnedFrom")?.Number(0, 1_000_000) ?? 0))) : picture.Arrivals,
                CostPerLead = cost is null ? picture.CostPerLead : picture.CostPerLead.SetItem(id, cost),
            };
        }
        top.Errors.Require(leads <= ScenarioFile.LeadsMax, "campaigns", "tooManyLeads", FormattableString.Invariant($"{leads:0} leads would come in {weeks} weeks; a run takes at most {ScenarioFile.LeadsMax}."));
        return picture;
    }

    // A pool that nobody serves is a typing error more often than a plan; a live workspace may have one, a scenario may not.
    private static void RequireCapacity(FieldErrors errors, Picture picture)
    {
        for (var i = 0; i < picture.Process.Pools.Length; i++)
        {
            var pool = picture.Process.Pools[i];
            var ofSlots = pool.Kind is PoolKind.Slots;
            var units = ofSlots ? picture.Slots.Values.Count(s => s.Pool == pool.Id) : picture.PeopleOf(pool.Id).Sum(p => p.Value.Profile.WeeklyCapacity);
            var isEmpty = ofSlots ? units == 0 : !picture.PeopleOf(pool.Id).Any();
            errors.Require(!isEmpty, $"process.pools[{i}]", "emptyPool", ofSlots ? $"{pool.Id} has no slots that lie ahead." : $"Nobody serves {pool.Id}.")
                .Require(isEmpty || units > 0, $"process.pools[{i}]", "zeroCapacity", $"The people of {pool.Id} have no weekly capacity.");
        }
    }
}
