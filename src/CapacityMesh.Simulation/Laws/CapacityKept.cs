using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 3: a person's open and reserved work never exceeds their concurrency or weekly budget, and all of it is theirs.</summary>
public sealed class CapacityKept : ILaw
{
    /// <inheritdoc/>
    public string Name => "capacity kept";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var leads = picture.Leads;
        foreach (var (person, state) in picture.People)
        {
            if (state.Work.Length > state.Profile.Concurrent) yield return $"{person} holds {state.Work.Length} of {state.Profile.Concurrent}";
            var used = SalespersonCapacity.Used(state, picture.Now);
            if (used > state.Profile.WeeklyCapacity) yield return $"{person} used {used} of {state.Profile.WeeklyCapacity} units";
            foreach (var held in state.Work)
            {
                var theirs = leads.TryGetValue(held.LeadId, out var lead) && lead.Person == person && lead.Phase == (held.Open ? LeadPhase.Working : LeadPhase.Offered);
                if (!theirs) yield return $"{person} holds {held.LeadId}, which is {lead?.Phase.ToString() ?? "unknown"} with {lead?.Person ?? "nobody"}";
            }
        }
        foreach (var (id, lead) in leads)
        {
            if (lead.Person is { } person && picture.People.GetValueOrDefault(person)?.Find(id) is null) yield return $"{id} is with {person}, who does not hold it";
        }
    }
}
