using System.Collections.Immutable;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>A lead, whom it goes to, and why.</summary>
public readonly record struct Match(QueuedLead Lead, string Holder, Reason Because);

/// <summary>
/// Who gets what. Leads by place; people by least load, then least used share of their weekly budget, then longest idle, then id, so that the same
/// picture always gives the same match. Slots by earliest start.
/// </summary>
public static class Matching
{
    /// <summary>The next match, or null when nobody who waits can be served now.</summary>
    public static Match? Next(PoolState pool, DateTimeOffset now)
    {
        if (pool.Waiting.Count == 0) return null;
        if (pool.Kind is PoolKind.Slots) return NextSlot(pool, now);
        if (!pool.Members.Values.Any(m => m is { Takes: true, Free: > 0 })) return null;
        Match? best = null;
        foreach (var line in pool.Waiting.Lines.Values)
        {
            var found = FirstOf(line, pool, now);
            if (found is { } match && (best is null || new WaitingLead(match.Lead) < new WaitingLead(best.Value.Lead))) best = found;
        }
        return best;
    }

    /// <summary>Whether a person may be offered a lead now; the first reason that speaks against it otherwise.</summary>
    public static string? Against(MemberReport member, string person, QueuedLead lead, TimeSpan reofferAfter, DateTimeOffset now)
    {
        foreach (var skill in lead.Skills)
        {
            if (!member.Skills.Contains(skill)) return "lacksSkill";
        }
        if (!member.Takes) return "notAvailable";
        if (CoolsDown(lead, person, reofferAfter, now)) return "letItGo";
        if (member.Free < 1) return "concurrencyFull";
        return member.Budget < lead.Effort ? "budgetSpent" : null;
    }

    /// <summary>The earliest instant after now at which somebody may be asked again for one of these leads; null when nobody cools down.</summary>
    public static DateTimeOffset? NextCoolDownEnd(IEnumerable<WaitingLead> leads, TimeSpan reofferAfter, DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var waiting in leads)
        {
            foreach (var letGo in waiting.Lead.LetGo)
            {
                var end = letGo.At + reofferAfter;
                if (end > now && (next is null || end < next)) next = end;
            }
        }
        return next;
    }

    private static Match? FirstOf(ImmutableSortedSet<WaitingLead> line, PoolState pool, DateTimeOffset now)
    {
        foreach (var waiting in line)
        {
            if (BestMember(pool, waiting.Lead, now) is { } match) return match;
            // Nobody for a lead that everybody may have: nobody for those behind it either.
            if (waiting.Lead.LetGo.IsEmpty) return null;
        }
        return null;
    }

    private static Match? BestMember(PoolState pool, QueuedLead lead, DateTimeOffset now)
    {
        var candidates = 0;
        (string Person, MemberReport Report)? best = null;
        foreach (var (person, report) in pool.Members)
        {
            if (Against(report, person, lead, pool.ReofferAfter, now) is not null) continue;
            candidates++;
            if (best is null || IsBetter(report, best.Value.Report)) best = (person, report);
        }
        if (best is not { } chosen) return null;
        var load = $"{chosen.Report.Concurrent - chosen.Report.Free} of {chosen.Report.Concurrent} places taken, {chosen.Report.Budget:0.##} units of the week left";
        return new Match(lead, chosen.Person, new Reason("leastLoaded", $"Least loaded of {candidates} who can take it: {load}."));
    }

    private static bool IsBetter(MemberReport one, MemberReport other)
    {
        var byLoad = Load(one).CompareTo(Load(other));
        if (byLoad != 0) return byLoad < 0;
        var byBudget = UsedShare(one).CompareTo(UsedShare(other));
        if (byBudget != 0) return byBudget < 0;
        return (one.LastOfferedAt ?? DateTimeOffset.MinValue) < (other.LastOfferedAt ?? DateTimeOffset.MinValue);
    }

    private static decimal Load(MemberReport member) => (decimal)(member.Concurrent - member.Free) / member.Concurrent;

    private static decimal UsedShare(MemberReport member) => member.Weekly <= 0 ? 1 : 1 - (member.Budget / member.Weekly);

    private static bool CoolsDown(QueuedLead lead, string person, TimeSpan reofferAfter, DateTimeOffset now)
    {
        foreach (var letGo in lead.LetGo)
        {
            if (letGo.Person == person && letGo.At + reofferAfter > now) return true;
        }
        return false;
    }

    private static Match? NextSlot(PoolState pool, DateTimeOffset now)
    {
        string? best = null;
        foreach (var (id, slot) in pool.Slots)
        {
            if (slot.Phase is SlotPhase.Open && slot.StartsAt > now && (best is null || slot.StartsAt < pool.Slots[best].StartsAt)) best = id;
        }
        if (best is null) return null;
        var lead = pool.Waiting.Lines.Values.Select(l => l.Min!).Min()!.Lead;
        return new Match(lead, best, new Reason("earliestSlot", "The earliest open slot."));
    }
}
