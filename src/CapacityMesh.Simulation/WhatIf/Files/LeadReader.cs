using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf.Files;

/// <summary>Reads the leads in progress: where each is, or how many are alike.</summary>
public static class LeadReader
{
    private enum Place
    {
        Waitlisted,
        Waiting,
        Working,
        Booked,
    }

    /// <summary>The picture with its leads.</summary>
    public static Picture Read(Field top, Picture picture)
    {
        var leads = picture.Leads.ToBuilder();
        foreach (var item in top.Items("leads"))
        {
            item.Only("campaign", "stage", "state", "since", "count", "person", "slot");
            var count = item.Find("count")?.Whole(1, PictureTaker.LeadsMax) ?? 1;
            var lead = ReadOne(item, picture);
            if (leads.Count + count > PictureTaker.LeadsMax)
            {
                item.Errors.Require(false, item.Path, "tooManyLeads", $"At most {PictureTaker.LeadsMax} leads are in progress.");
                break;
            }
            for (var i = 0; i < count; i++)
            {
                var person = lead.Phase is LeadPhase.Working ? lead.Person ?? LeastBusy(picture, leads.Values, lead.Pool!) : null;
                leads[$"open~{leads.Count + 1:D5}"] = lead with { Person = person };
            }
        }
        return picture with { Leads = leads.ToImmutable() };
    }

    private static LeadState ReadOne(Field item, Picture picture)
    {
        var process = picture.Process;
        var since = item.Find("since")?.Instant() ?? picture.At;
        var state = item.Need("state").Word(("waitlisted", Place.Waitlisted), ("waiting", Place.Waiting), ("working", Place.Working), ("booked", Place.Booked));
        var campaign = item.Find("campaign")?.Key() ?? "unattributed";
        item.Errors.Require(since <= picture.At, $"{item.Path}.since", "inTheFuture", "The lead is where it is since before the scenario begins.");
        var lead = new LeadState { Contact = "open", Campaign = campaign, OccurredAt = since, CapturedAt = since, Place = since };
        if (state is Place.Waitlisted) return lead with { Phase = LeadPhase.Waitlisted, Until = since + process.Waitlist.Expires };
        var index = process.IndexOf(item.Need("stage").Key());
        item.Errors.Require(index >= 0, $"{item.Path}.stage", "unknownStage", "The process names no such stage.");
        if (index < 0) return lead;
        var stage = process.Stages[index];
        var ofSlots = process.KindOf(stage.Pool) is PoolKind.Slots;
        lead = lead with { Phase = LeadPhase.Queued, AdmittedAt = since, Process = process.Version, StageIndex = index, Stage = stage.Id, Pool = stage.Pool, PromisedBy = since + stage.Promise, PromiseBroken = since + stage.Promise <= picture.At };
        if (state is Place.Working)
        {
            item.Errors.Require(!ofSlots, $"{item.Path}.state", "stageOfSlots", "This stage is served by slots: waiting or booked.");
            var person = item.Find("person")?.Key();
            item.Errors.Require(person is null || picture.People.ContainsKey(person), $"{item.Path}.person", "unknownPerson", "The scenario has no such person.");
            return lead with { Phase = LeadPhase.Working, Person = person, AcceptedAt = since, ContactedAt = since, Until = picture.At + process.WorkLease };
        }
        if (state is not Place.Booked) return lead;
        item.Errors.Require(ofSlots, $"{item.Path}.state", "stageOfPeople", "This stage is served by people: waiting or working.");
        var slot = item.Need("slot").Key();
        item.Errors.Require(picture.Slots.ContainsKey(slot), $"{item.Path}.slot", "unknownSlot", "The scenario has no such slot.");
        return lead with { Phase = LeadPhase.Booked, Slot = slot };
    }

    // Work of which nobody says whose it is goes to whoever has least.
    private static string? LeastBusy(Picture picture, IEnumerable<LeadState> leads, string pool)
    {
        var busy = leads.Where(l => l.Person is not null).GroupBy(l => l.Person!).ToDictionary(g => g.Key, g => g.Count());
        return picture.PeopleOf(pool).Select(p => p.Key).OrderBy(p => busy.GetValueOrDefault(p)).ThenBy(p => p, StringComparer.Ordinal).FirstOrDefault();
    }
}
