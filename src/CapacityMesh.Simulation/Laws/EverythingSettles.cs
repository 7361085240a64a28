namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 1 and 7, after the faults: every lead comes to its end once somebody serves it, every request is answered, and nothing is owed.</summary>
public sealed class EverythingSettles : ILaw
{
    /// <inheritdoc/>
    public string Name => "everything settles";

    /// <inheritdoc/>
    public IEnumerable<string> AtEnd(EndSeen end)
    {
        foreach (var (id, lead) in end.Picture.Leads)
        {
            if (!lead.IsClosed) yield return $"{id} is still {lead.Phase} at {lead.Stage} with {lead.Person}{lead.Slot}: {lead.Because?.Code}";
        }
        if (end.Unanswered > 0) yield return $"{end.Unanswered} requests were never answered";
        if (end.Owed > 0) yield return $"{end.Owed} effects still wait in the outbox";
        if (end.Parked > 0) yield return $"{end.Parked} effects were parked";
    }
}
