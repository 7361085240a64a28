using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.WhatIf;

/// <summary>
/// Makes a picture consistent: who waits, who holds what, and who is counted where follows from the leads alone. A lead whose holder is not in the
/// picture waits in its queue again; one that no stage of its process knows is left out.
/// </summary>
public static class LeadPlaces
{
    /// <summary>The picture with everything rebuilt from its leads.</summary>
    public static Picture Rebuild(Picture picture)
    {
        var leads = Picture.Empty<LeadState>().ToBuilder();
        var slots = picture.Slots.ToBuilder();
        var people = picture.People.Select(p => KeyValuePair.Create(p.Key, p.Value with { Work = [] })).ToImmutableSortedDictionary(StringComparer.Ordinal).ToBuilder();
        foreach (var (id, lead) in picture.Leads)
        {
            if (lead.IsClosed || lead.Phase is LeadPhase.Captured) continue;
            if (lead.Phase is not LeadPhase.Waitlisted && StageOf(picture, lead) is null) continue;
            leads[id] = Hold(picture, id, lead, people, slots);
        }
        var placed = picture with { Leads = leads.ToImmutable(), People = people.ToImmutable(), Slots = slots.ToImmutable() };
        var pools = placed.Pools;
        foreach (var pool in pools.Keys) pools = pools.SetItem(pool, PoolOf(placed, pool));
        placed = placed with { Pools = pools };
        return placed with { Flow = FlowOf(placed) };
    }

    /// <summary>The stage that a lead is in, by the version of the process that it runs on.</summary>
    public static Stage? StageOf(Picture picture, LeadState lead) =>
        picture.Flow.Versions.TryGetValue(lead.Process, out var process) && lead.StageIndex >= 0 && lead.StageIndex < process.Stages.Length ? process.Stages[lead.StageIndex] : null;

    // Whoever a lead names has it: the person its work, the slot its lead.
    private static LeadState Hold(
        Picture picture, string id, LeadState lead, ImmutableSortedDictionary<string, SalespersonState>.Builder people, ImmutableSortedDictionary<string, SlotState>.Builder slots)
    {
        if (lead.Phase is LeadPhase.Waitlisted or LeadPhase.Queued) return lead;
        if (lead.Phase is LeadPhase.Offered or LeadPhase.Working)
        {
            if (lead.Person is null || !people.TryGetValue(lead.Person, out var person) || person.Phase is not SalespersonPhase.Active) return Waiting(lead);
            var open = lead.Phase is LeadPhase.Working;
            var held = new HeldWork(id, lead.Stage!, lead.Pool!, StageOf(picture, lead)!.Effort, open, lead.AcceptedAt ?? picture.At, lead.ContactedAt is not null);
            people[lead.Person] = person with { Work = person.Work.Add(held) };
            return lead;
        }
        if (lead.Slot is null || !slots.TryGetValue(lead.Slot, out var slot) || slot.LeadId is not null) return Waiting(lead);
        slots[lead.Slot] = slot with
        {
            LeadId = id,
            Phase = lead.Phase switch { LeadPhase.Held => SlotPhase.Held, LeadPhase.Booked => SlotPhase.Booked, _ => SlotPhase.Started },
            HeldUntil = lead.Phase is LeadPhase.Held ? lead.Until : null,
        };
        return lead;
    }

    private static LeadState Waiting(LeadState lead) =>
        lead with { Phase = LeadPhase.Queued, Person = null, Slot = null, Until = null, ContactDue = null, AcceptedAt = null, ContactedAt = null };

    private static PoolState PoolOf(Picture picture, string pool)
    {
        var state = picture.Pools[pool];
        var (waiting, placed, working) = (WaitingLines.None, Picture.Empty<PlacedLead>().ToBuilder(), Picture.Empty<PlacedLead>().ToBuilder());
        var counts = state.Stages.Select(s => KeyValuePair.Create(s.Key, s.Value with { Queued = 0, Placed = 0, Working = 0 })).ToImmutableSortedDictionary(StringComparer.Ordinal).ToBuilder();
        foreach (var (id, lead) in picture.Leads.Where(l => l.Value.Pool == pool && l.Value.Phase is not LeadPhase.Waitlisted))
        {
            var queued = new QueuedLead(id, lead.Stage!, lead.StageIndex, lead.Place, lead.Process, StageOf(picture, lead)!.Effort, lead.Skills, lead.AdmittedAt ?? lead.Place);
            var before = counts.GetValueOrDefault(lead.Stage!) ?? StageCounts.None(lead.Stage!);
            counts[lead.Stage!] = lead.Phase switch
            {
                LeadPhase.Queued => before with { Queued = before.Queued + 1 },
                LeadPhase.Offered or LeadPhase.Held => before with { Placed = before.Placed + 1 },
                _ => before with { Working = before.Working + 1 },
            };
            if (lead.Phase is LeadPhase.Queued) waiting = waiting.Add(queued);
            else (lead.Phase is LeadPhase.Offered or LeadPhase.Held ? placed : working)[id] = new PlacedLead(queued, lead.Person ?? lead.Slot!, lead.AcceptedAt ?? picture.At);
        }
        return state with
        {
            Waiting = waiting, Placed = placed.ToImmutable(), Working = working.ToImmutable(), Stages = counts.ToImmutable(), WakeAt = null,
            Members = picture.PeopleOf(pool).ToImmutableSortedDictionary(p => p.Key, p => SalespersonCapacity.ReportOf(p.Value, picture.At), StringComparer.Ordinal),
            Slots = picture.Slots.Where(s => s.Value.Pool == pool).ToImmutableSortedDictionary(s => s.Key, s => new SlotReport(s.Value.Phase, s.Value.StartsAt, s.Value.EndsAt), StringComparer.Ordinal),
        };
    }

    private static FlowState FlowOf(Picture picture)
    {
        var flow = picture.Flow;
        var waitlist = Waitlist.From(picture.Leads.Where(l => l.Value.Phase is LeadPhase.Waitlisted).Select(l => new WaitlistEntry(
            l.Key, l.Value.Campaign, l.Value.Value?.Amount ?? flow.Campaigns.GetValueOrDefault(l.Value.Campaign)?.ValuePerWin?.Amount ?? 0, l.Value.Place)));
        return flow with
        {
            Waitlist = waitlist,
            Pools = picture.Pools.ToImmutableSortedDictionary(p => p.Key, p => PoolReports.Of(p.Key, p.Value, picture.At), StringComparer.Ordinal),
            // Nothing is on its way between two machines.
            SentTo = picture.Pools.ToImmutableSortedDictionary(p => p.Key, p => p.Value.ArrivedFromGate, StringComparer.Ordinal),
            Headroom = [], AdmittedSince = 0, ThisHour = null, Hours = [], Moves = [],
        };
    }
}
