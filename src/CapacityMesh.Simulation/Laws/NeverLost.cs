using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 1: a lead that was acknowledged is never lost; and nobody hears of a lead before it is committed (law 2).</summary>
public sealed class NeverLost : ILaw
{
    private readonly HashSet<string> acknowledged = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "never lost";

    /// <inheritdoc/>
    public IEnumerable<string> OnAnswer(AnswerSeen answer)
    {
        if (answer.Answer is not Captured captured) yield break;
        acknowledged.Add(captured.LeadId);
        var isOpen = IsKept(answer.Truth(answer.Request.Target.Sibling(EntityKind.Lead, captured.LeadId)) as LeadState);
        // Asked again before the gate spoke: the contact has the lead, and the gate's word is owed.
        var isStarted = answer.Truth(answer.Request.Target) is ContactState { OpenLead: var open } && open == captured.LeadId;
        if (!isOpen && !isStarted)
        {
            yield return $"{captured.LeadId} was acknowledged and is not in the journal";
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture) =>
        acknowledged.Where(id => !IsKept(picture.Leads.GetValueOrDefault(id))).Select(id => $"{id} was acknowledged and is gone");

    // One whose person was erased before the gate's word arrived is closed, and knows nobody.
    private static bool IsKept(LeadState? lead) => lead is { Contact.Length: > 0 } || (lead is { IsClosed: true } && lead.Because == LeadReasons.Erased);
}
