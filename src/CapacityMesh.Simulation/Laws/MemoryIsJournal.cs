using System.Text.Json;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Projections;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 6 and 10: what is in memory, and what lists show, is what the journal alone leads to.</summary>
public sealed class MemoryIsJournal : ILaw
{
    /// <inheritdoc/>
    public string Name => "memory is journal";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (id, state) in picture.Live)
        {
            if (Json(state) != Json(picture.Stored[id])) yield return $"{id} differs from its journal";
        }
        var index = picture.Index.ToDictionary(r => r.LeadId);
        foreach (var (id, lead) in picture.Leads)
        {
            if (index.GetValueOrDefault(id)?.State != LeadRows.NameOf(lead.Phase)) yield return $"{id} is {lead.Phase} and listed as {index.GetValueOrDefault(id)?.State ?? "nothing"}";
        }
    }

    private static string Json(object state) => JsonSerializer.Serialize(state, state.GetType(), MeshJson.Options);
}
