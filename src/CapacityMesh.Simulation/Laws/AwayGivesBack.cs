using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 7: whoever goes away gives back what nobody has heard of yet, and whoever leaves gives back everything.</summary>
public sealed class AwayGivesBack : ILaw
{
    private readonly Dictionary<(string Person, string Lead), DateTimeOffset> owed = [];

    /// <inheritdoc/>
    public string Name => "away gives back";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn.Before is not SalespersonState before) return [];
        var leaves = turn.Any<SalespersonEvent.Removed>();
        var goes = turn.Command is SalespersonCommand.SetStatus { Status: not PresenceStatus.Available } && turn.Any<SalespersonEvent.StatusSet>();
        if (!leaves && !goes) return [];
        foreach (var held in before.Work.Where(w => leaves || !w.Contacted)) owed[(turn.Entity.Key, held.LeadId)] = held.Since;
        return [];
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var ((person, lead), since) in owed)
        {
            // Taken on again later is another matter.
            if (picture.People.GetValueOrDefault(person)?.Find(lead) is { } held && held.Since == since) yield return $"{person} went away and still has {lead}";
        }
        owed.Clear();
    }
}
