using CapacityMesh.Core.Execution;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 5: a lead is offered to one salesperson at a time.</summary>
public sealed class OneOffer : ILaw
{
    /// <inheritdoc/>
    public string Name => "one offer";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn.Before is not LeadState before) yield break;
        var holder = before.Person;
        foreach (var fact in turn.Events)
        {
            switch (fact)
            {
                case LeadEvent.Offered e:
                    if (holder is not null) yield return $"{turn.Entity.Key} was offered to {e.Person} while {holder} had it";
                    holder = e.Person;
                    break;
                case LeadEvent.Accepted e:
                    if (holder is not null && holder != e.Person) yield return $"{turn.Entity.Key} went to {e.Person} while {holder} had it";
                    if (turn.Command is LeadCommand.Accept && before.Until is { } until && turn.At >= until) yield return $"{turn.Entity.Key} was accepted after its offer ended";
                    holder = e.Person;
                    break;
                case LeadEvent.OfferEnded or LeadEvent.Returned or LeadEvent.Lost or LeadEvent.Retracted or LeadEvent.StageEntered or LeadEvent.Delivered:
                    holder = null;
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture) =>
        from held in picture.People.SelectMany(p => p.Value.Work.Select(w => (Person: p.Key, w.LeadId)))
        group held.Person by held.LeadId into holders
        where holders.Count() > 1
        select $"{holders.Key} is with {string.Join(" and ", holders.Order(StringComparer.Ordinal))}";
}
