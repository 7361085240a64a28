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
        var waitlist = picture.Flow.Waitlist.ById;
        var pools = picture.Pools;
        foreach (var (id, lead) in picture.Leads)
        {
            var places = new List<string>();
            if (waitlist.ContainsKey(id)) places.Add("gate");
            foreach (var (pool, state) in pools)
            {
                if (state.Waiting.Find(id) is not null) places.Add($"{pool} queued");
                if (state.Placed.ContainsKey(id)) places.Add($"{pool} placed");
                if (state.Working.ContainsKey(id)) places.Add($"{pool} working");
            }
            var expected = ExpectedPlace(lead);
            var actual = string.Join(" + ", places);
            if (actual != expected) yield return $"{id} is {lead.Phase} and should be at '{expected}', but is at '{actual}'";
        }
    }

    private static string ExpectedPlace(LeadState lead) => lead.Phase switch
    {
        LeadPhase.Waitlisted => "gate",
        LeadPhase.Queued => $"{lead.Pool} queued",
        LeadPhase.Offered or LeadPhase.Held => $"{lead.Pool} placed",
        LeadPhase.Working or LeadPhase.Booked or LeadPhase.Started => $"{lead.Pool} working",
        _ => "",
    };
}
