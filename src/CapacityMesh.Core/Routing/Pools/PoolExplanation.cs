using System.Collections.Immutable;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Routing;

/// <summary>Why a lead waits, and what would change it.</summary>
/// <param name="Reason">The first reason that applies, in documented precedence.</param>
/// <param name="WouldChange">What would get it served; facts, not promises.</param>
/// <param name="Position">Place in line, from 1; null when it waits in none.</param>
public sealed record Explanation(Reason Reason, ImmutableArray<string> WouldChange, int? Position);

/// <summary>
/// Why a lead waits in a pool. Precedence, first that applies: misconfigured, noMatch, suspended, coolingDown, waitingForCapacity, pending.
/// </summary>
public static class PoolExplanation
{
    /// <summary>Explains a waiting lead; null when it does not wait here.</summary>
    public static Explanation? Of(PoolState pool, string poolId, string leadId, DateTimeOffset now)
    {
        if (pool.Waiting.Find(leadId) is not { } waiting) return null;
        var position = pool.Waiting.PositionOf(leadId);
        return pool.Kind is PoolKind.Slots ? OfSlots(pool, poolId, position, now) : OfPeople(pool, poolId, waiting.Lead, position, now);
    }

    private static Explanation OfPeople(PoolState pool, string poolId, QueuedLead lead, int position, DateTimeOffset now)
    {
        if (pool.Members.IsEmpty)
        {
            return new Explanation(new Reason("misconfigured", $"Nobody serves the pool {poolId}."), [$"Add a person to {poolId}."], position);
        }
        var against = pool.Members.Select(m => (Person: m.Key, Why: Matching.Against(m.Value, m.Key, lead, pool.ReofferAfter, now))).ToArray();
        var matching = against.Where(a => a.Why != "lacksSkill").ToArray();
        if (matching.Length == 0)
        {
            var skills = string.Join(", ", lead.Skills);
            return new Explanation(new Reason("noMatch", $"Nobody in {poolId} has the skills asked for: {skills}."), [$"Give somebody in {poolId} these skills: {skills}.", "Assign the lead by hand, with override."], position);
        }
        if (matching.All(a => a.Why == "notAvailable"))
        {
            return new Explanation(new Reason("suspended", $"Nobody who could take it in {poolId} is available now."), [.. matching.Select(a => $"{a.Person} becomes available.")], position);
        }
        var present = matching.Where(a => a.Why != "notAvailable").ToArray();
        if (present.All(a => a.Why == "letItGo"))
        {
            return new Explanation(new Reason("coolingDown", "Everybody who is available let it go a short while ago."), [.. present.Select(a => $"{a.Person} is asked again {pool.ReofferAfter.TotalMinutes:0} minutes after letting it go."), "Assign the lead by hand."], position);
        }
        if (present.Any(a => a.Why is null)) return Pending(position);
        string[] changes = [.. present.Where(a => a.Why != "letItGo").Select(a => a.Why == "concurrencyFull" ? $"{a.Person} finishes a lead." : $"{a.Person}'s weekly capacity comes back.")];
        return new Explanation(new Reason("waitingForCapacity", $"Everybody who could take it in {poolId} is full; {position - 1} wait before it."), [.. changes.Take(20)], position);
    }

    private static Explanation OfSlots(PoolState pool, string poolId, int position, DateTimeOffset now)
    {
        if (pool.Slots.IsEmpty) return new Explanation(new Reason("misconfigured", $"The pool {poolId} has no slots ahead."), [$"Add slots to {poolId}."], position);
        var open = pool.Slots.Values.Count(s => s.Phase is Execution.SlotPhase.Open && s.StartsAt > now);
        return open > 0
            ? Pending(position)
            : new Explanation(new Reason("waitingForCapacity", $"Every slot of {poolId} is taken; {position - 1} wait before it."), [$"Add a slot to {poolId}.", "A held slot lapses or is given back."], position);
    }

    private static Explanation Pending(int position) => new(new Reason("pending", "It is being handed out right now."), [], position);
}
