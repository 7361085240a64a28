using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 3: a person's open and reserved work never exceeds their concurrency or weekly budget, on any path, and all of it is theirs. Effort is counted
/// in a book of its own, from what was asked for. Who lowers a capacity below what is held breaks nothing; taking more on top does.
/// </summary>
public sealed class CapacityKept : ILaw
{
    private readonly Dictionary<EntityId, List<Entry>> books = [];
    private readonly HashSet<EntityId> watched = [];

    /// <inheritdoc/>
    public string Name => "capacity kept";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn.After is not SalespersonState after) yield break;
        watched.Add(turn.Entity);
        var book = books.TryGetValue(turn.Entity, out var known) ? known : books[turn.Entity] = [];
        var took = false;
        foreach (var fact in turn.Events) took |= Enter(book, fact, turn);
        book.RemoveAll(e => !e.Held && e.At <= turn.At - SalespersonCapacity.Week - SalespersonCapacity.Week);
        if (!took) yield break;
        var held = book.Count(e => e.Held);
        if (held > after.Profile.Concurrent) yield return $"{turn.Entity.Key} took a lead and holds {held} of {after.Profile.Concurrent}";
        var used = book.Where(e => e.At > turn.At - SalespersonCapacity.Week && !e.Refunded).Sum(e => e.Effort);
        if (used > after.Profile.WeeklyCapacity) yield return $"{turn.Entity.Key} took a lead and used {used} of {after.Profile.WeeklyCapacity} units in seven days";
        if (used != SalespersonCapacity.Used(after, turn.At)) yield return $"{turn.Entity.Key} used {used} units, and believes {SalespersonCapacity.Used(after, turn.At)}";
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var leads = picture.Leads;
        foreach (var (person, state) in picture.People)
        {
            if (!watched.Contains(new EntityId(picture.Workspace, EntityKind.Salesperson, person)))
            {
                if (state.Work.Length > state.Profile.Concurrent) yield return $"{person} holds {state.Work.Length} of {state.Profile.Concurrent}";
                var used = SalespersonCapacity.Used(state, picture.Now);
                if (used > state.Profile.WeeklyCapacity) yield return $"{person} used {used} of {state.Profile.WeeklyCapacity} units";
            }
            foreach (var held in state.Work)
            {
                var theirs = leads.TryGetValue(held.LeadId, out var lead) && lead.Person == person && lead.Stage == held.Stage && lead.Phase == (held.Open ? LeadPhase.Working : LeadPhase.Offered);
                if (!theirs) yield return $"{person} holds {held.LeadId}, which is {lead?.Phase.ToString() ?? "unknown"} with {lead?.Person ?? "nobody"}";
            }
        }
        foreach (var (id, lead) in leads)
        {
            if (lead.Person is { } person && picture.People.GetValueOrDefault(person)?.Find(id) is null) yield return $"{id} is with {person}, who does not hold it";
        }
    }

    // True when the person took something on.
    private static bool Enter(List<Entry> book, IEvent fact, TurnSeen turn)
    {
        switch (fact)
        {
            case SalespersonEvent.Reserved e: return Take(book, e.LeadId, turn.Command is SalespersonCommand.Reserve r ? r.Work.Effort : e.Effort, turn.At);
            case SalespersonEvent.Assigned e: return Take(book, e.LeadId, turn.Command is SalespersonCommand.Assign a ? a.Work.Effort : e.Effort, turn.At);
            case SalespersonEvent.ContactNoted e when book.FindLast(b => b.Held && b.LeadId == e.LeadId) is { } spent: spent.Contacted = true; break;
            case SalespersonEvent.Released e when book.FindLast(b => b.Held && b.LeadId == e.LeadId) is { } back: (back.Held, back.Refunded) = (false, !back.Contacted); break;
            case SalespersonEvent.Finished e when book.FindLast(b => b.Held && b.LeadId == e.LeadId) is { } done: done.Held = false; break;
        }
        return false;
    }

    private static bool Take(List<Entry> book, string lead, decimal effort, DateTimeOffset at)
    {
        // An offer that became an assignment is taken once.
        if (book.Exists(b => b.Held && b.LeadId == lead)) return false;
        book.Add(new Entry { LeadId = lead, Effort = effort, At = at, Held = true });
        return true;
    }

    private sealed class Entry
    {
        public required string LeadId { get; init; }
        public required decimal Effort { get; init; }
        public required DateTimeOffset At { get; init; }
        public bool Held { get; set; }
        public bool Contacted { get; set; }
        public bool Refunded { get; set; }
    }
}
