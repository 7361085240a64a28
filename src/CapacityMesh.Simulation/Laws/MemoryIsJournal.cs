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
        if (!picture.IsFull) yield break;
        foreach (var (id, state) in picture.Live)
        {
            if (!picture.Stored.TryGetValue(id, out var stored)) yield return $"{id} is in memory and not in the journal";
            else if (Json(state) != Json(stored)) yield return $"{id} differs from its journal";
        }
        var index = picture.Index.ToDictionary(r => r.LeadId);
        foreach (var (id, lead) in picture.Leads)
        {
            var row = index.GetValueOrDefault(id);
            if ((row?.State, row?.Person, row?.Slot, row?.Stage) != (LeadRows.NameOf(lead.Phase), lead.Person, lead.Slot, lead.Stage)) yield return $"{id} is {lead.Phase} and listed as {row?.State ?? "nothing"}";
        }
    }

    private static string Json(object state) => JsonSerializer.Serialize(state, state.GetType(), MeshJson.Options);
}
