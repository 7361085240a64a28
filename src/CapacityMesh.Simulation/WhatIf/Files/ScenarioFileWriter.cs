using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>
/// Writes a picture as a scenario file, so that a live workspace can be looked at elsewhere. Ids of campaigns, people and slots are in it, and nothing
/// that names a lead. Offers and holds are written as waiting; they are made again within minutes.
/// </summary>
public static class ScenarioFileWriter
{
    /// <summary>The file.</summary>
    public static JsonObject Write(Picture picture, string name, int weeks) => new()
    {
        ["name"] = name,
        ["at"] = Text(picture.At),
        ["weeks"] = weeks,
        ["process"] = ProcessOf(picture.Process),
        ["people"] = new JsonArray([.. picture.People.Where(p => p.Value.Phase is SalespersonPhase.Active).Select(p => PersonOf(p.Key, p.Value, picture.At))]),
        ["slots"] = new JsonArray([.. picture.Slots.Select(s => new JsonObject { ["id"] = s.Key, ["pool"] = s.Value.Pool, ["startsAt"] = Text(s.Value.StartsAt), ["endsAt"] = Text(s.Value.EndsAt) })]),
        ["campaigns"] = new JsonArray([.. picture.Campaigns.Keys.Union(picture.Arrivals.Keys).Order(StringComparer.Ordinal).Select(id => CampaignOf(id, picture))]),
        ["learned"] = new JsonObject([.. picture.Rates.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)RateOf(r.Value)))]),
        ["leads"] = new JsonArray([.. picture.Leads.Values.Where(l => !l.IsClosed && l.Phase is not LeadPhase.Captured).Where(l => IsKnown(picture, l)).Select(LeadOf)]),
        ["changes"] = new JsonArray(),
    };

    private static JsonObject ProcessOf(Process process) => new()
    {
        ["pools"] = new JsonArray([.. process.Pools.Select(p => new JsonObject { ["id"] = p.Id, ["kind"] = p.Kind is PoolKind.People ? "people" : "slots" })]),
        ["stages"] = new JsonArray([.. process.Stages.Select(s => new JsonObject
        {
            ["id"] = s.Id, ["pool"] = s.Pool, ["effort"] = s.Effort, ["passRate"] = s.PassRate, ["promise"] = XmlConvert.ToString(s.Promise),
            ["firstResponse"] = s.FirstResponse is { } first ? XmlConvert.ToString(first) : null, ["wins"] = s.Wins,
        })]),
        ["risk"] = process.Risk,
        ["offerTimeout"] = XmlConvert.ToString(process.OfferTimeout),
        ["holdTimeout"] = XmlConvert.ToString(process.HoldTimeout),
        ["workLease"] = XmlConvert.ToString(process.WorkLease),
        ["reofferAfter"] = process.ReofferAfter > TimeSpan.Zero ? XmlConvert.ToString(process.ReofferAfter) : null,
        ["waitlist"] = new JsonObject { ["limit"] = process.Waitlist.Limit, ["expires"] = XmlConvert.ToString(process.Waitlist.Expires) },
        ["gate"] = process.Gate is GateMode.Enforce ? "enforce" : "observe",
    };

    private static JsonObject PersonOf(string id, SalespersonState person, DateTimeOffset at)
    {
        var profile = person.Profile;
        return new JsonObject
        {
            ["id"] = id,
            ["pools"] = new JsonArray([.. profile.Pools.Select(p => JsonValue.Create(p))]),
            ["weeklyCapacity"] = profile.WeeklyCapacity,
            ["concurrent"] = profile.Concurrent,
            ["skills"] = new JsonArray([.. profile.Skills.Select(s => JsonValue.Create(s))]),
            ["hours"] = profile.Hours.IsEmpty ? null : new JsonObject
            {
                ["timeZone"] = profile.TimeZone,
                ["week"] = new JsonArray([.. profile.Hours.Select(h => new JsonObject
                {
                    ["day"] = h.Day.ToString()[..3].ToLowerInvariant(), ["from"] = Time(h.From), ["to"] = h.To == TimeOnly.MinValue ? "24:00" : Time(h.To),
                })]),
            },
            ["away"] = new JsonArray([.. profile.Away.Where(a => a.To > at).Select(a => new JsonObject { ["from"] = Text(a.From), ["to"] = Text(a.To) })]),
            ["used"] = (int)decimal.Truncate(SalespersonCapacity.Used(person, at)),
        };
    }

    private static JsonObject CampaignOf(string id, Picture picture)
    {
        var campaign = picture.Campaigns.GetValueOrDefault(id);
        var rate = picture.Arrivals.GetValueOrDefault(id);
        return new JsonObject
        {
            ["id"] = id,
            ["channel"] = campaign?.Profile.Channel ?? "unknown",
            ["valuePerWin"] = campaign?.Profile.ValuePerWin is { } value ? MoneyOf(value) : null,
            ["leadsPerWeek"] = Math.Round(rate.PerWeek, 3),
            ["learnedFrom"] = Math.Round(rate.Seen, 1),
            ["costPerLead"] = picture.CostPerLead.GetValueOrDefault(id) is { } cost ? MoneyOf(cost) : null,
            ["hold"] = campaign?.Hold?.Action.ToString().ToLowerInvariant(),
        };
    }

    private static JsonObject RateOf(StageRate rate) => new()
    {
        ["passRate"] = Math.Round(rate.Rate, 4), ["outcomes"] = Math.Round(rate.Outcomes, 1), ["work"] = rate.Work is { } work ? XmlConvert.ToString(TimeSpan.FromSeconds(Math.Round(work.TotalSeconds))) : null,
    };

    private static bool IsKnown(Picture picture, LeadState lead) =>
        lead.Phase is LeadPhase.Waitlisted || (lead.Stage is { } stage && picture.Process.Stages.Any(s => s.Id == stage && s.Pool == lead.Pool));

    private static JsonObject LeadOf(LeadState lead) => new()
    {
        ["campaign"] = lead.Campaign,
        ["stage"] = lead.Stage,
        ["state"] = lead.Phase switch { LeadPhase.Waitlisted => "waitlisted", LeadPhase.Working => "working", LeadPhase.Booked or LeadPhase.Started => "booked", _ => "waiting" },
        ["since"] = Text(lead.Phase is LeadPhase.Working ? lead.AcceptedAt ?? lead.Place : lead.Place),
        ["person"] = lead.Phase is LeadPhase.Working ? lead.Person : null,
        ["slot"] = lead.Phase is LeadPhase.Booked or LeadPhase.Started ? lead.Slot : null,
    };

    private static JsonObject MoneyOf(Core.Kernel.Money money) => new() { ["amount"] = money.Amount.ToString("0.00##", System.Globalization.CultureInfo.InvariantCulture), ["currency"] = money.Currency };

    private static string Text(DateTimeOffset at) => JsonSerializer.SerializeToElement(at.UtcDateTime).GetString()!;

    private static string Time(TimeOnly time) => time.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
