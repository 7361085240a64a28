using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 1 and 5: a lead is in exactly one place, and whoever holds it knows.</summary>
public sealed class OnePlace : ILaw
{
    /// <inheritdoc/>
    public string Name => "one place";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var places = new Dictionary<string, string>();
        void Add(string lead, string place) => places[lead] = places.TryGetValue(lead, out var other) ? $"{other} + {place}" : place;
        foreach (var id in picture.Flow.Waitlist.ById.Keys) Add(id, "gate");
        foreach (var (pool, state) in picture.Pools)
        {
            foreach (var id in state.Waiting.ById.Keys) Add(id, $"{pool} queued");
            foreach (var id in state.Placed.Keys) Add(id, $"{pool} placed");
            foreach (var id in state.Working.Keys) Add(id, $"{pool} working");
        }
        foreach (var (id, lead) in picture.Leads)
        {
            var actual = places.GetValueOrDefault(id, "");
            if (actual != ExpectedPlace(lead)) yield return $"{id} is {lead.Phase} and should be at '{ExpectedPlace(lead)}', but is at '{actual}'";
        }
        foreach (var id in places.Keys.Where(id => !picture.Leads.ContainsKey(id))) yield return $"{id} is at '{places[id]}' and there is no such lead";
    }

    private static string ExpectedPlace(LeadState lead) => lead.Phase switch
    {
        LeadPhase.Waitlisted => "gate",
        LeadPhase.Queued => $"{lead.Pool} queued",
        LeadPhase.Offered or LeadPhase.Held => $"{lead.Pool} placed",
        LeadPhase.Working or LeadPhase.Booked or LeadPhase.Started => $"{lead.Pool} working",
        LeadPhase.Captured => "before the gate, which has spoken",
        _ => "",
    };
}
