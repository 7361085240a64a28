using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Nobody serves a person whom we no longer know, and nothing personal is left of them.</summary>
public sealed class ErasedStaysErased : ILaw
{
    /// <inheritdoc/>
    public string Name => "erased stays erased";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn) =>
        turn.Before is LeadState { IsClosed: true } before && before.Because == LeadReasons.Erased && turn.Any<LeadEvent.Reopened>() ? [$"{turn.Entity.Key} was erased, and is reopened"] : [];

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (id, lead) in picture.Leads)
        {
            if (!lead.IsClosed && picture.Contacts.GetValueOrDefault(lead.Contact)?.Phase is ContactPhase.Erased) yield return $"{id} is {lead.Phase}, and {lead.Contact} was erased";
        }
        if (!picture.IsFull) yield break;
        foreach (var contact in picture.Vault.Where(c => picture.Contacts.GetValueOrDefault(c)?.Phase is ContactPhase.Erased)) yield return $"{contact} was erased, and its vault is not empty";
    }
}
