using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 7: every holder's capacity is a lease with a deadline, no longer than the process grants; an offer unanswered, a hold unbooked, work untouched
/// comes back by itself, and nothing outlives its deadline.
/// </summary>
public sealed class LeasesEnd : ILaw
{
    // Decided on one clock, granted on another.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(45);

    private TimeSpan offer, hold, work, wait;

    /// <inheritdoc/>
    public string Name => "leases end";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        foreach (var fact in turn.Events)
        {
            if (fact is FlowEvent.ProcessDefined { Process: var process })
            {
                (offer, hold, work, wait) = (Longer(offer, process.OfferTimeout), Longer(hold, process.HoldTimeout), Longer(work, process.WorkLease), Longer(wait, process.Waitlist.Expires));
            }
            (DateTimeOffset Until, TimeSpan Most)? lease = fact switch
            {
                LeadEvent.Offered e => (e.Until, offer),
                LeadEvent.Accepted e => (e.LeaseUntil, work),
                LeadEvent.Contacted e => (e.LeaseUntil, work),
                LeadEvent.SlotHeld e => (e.Until, hold),
                LeadEvent.DeliveryStarted e => (e.LeaseUntil, work),
                LeadEvent.Waitlisted e => (e.Until, Longer(wait, Process.Empty.Waitlist.Expires)),
                _ => null,
            };
            if (lease is { } granted && granted.Until > turn.At + granted.Most + Tolerance) yield return $"{turn.Entity.Key} {fact.GetType().Name} until {granted.Until:O}: longer than {granted.Most}";
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (id, lead) in picture.Leads)
        {
            var leased = lead.Phase is LeadPhase.Waitlisted or LeadPhase.Offered or LeadPhase.Working or LeadPhase.Held or LeadPhase.Started;
            if (leased && (lead.Until is null || lead.Until <= picture.Now)) yield return $"{id} is {lead.Phase} with {lead.Person}{lead.Slot} until {lead.Until?.ToString("O") ?? "for ever"}";
            var overdue = lead.Phase is LeadPhase.Working && lead.ContactDue <= picture.Now;
            if (overdue) yield return $"{id} was to be contacted by {lead.ContactDue:O} and is still with {lead.Person}";
            var broken = lead.Phase is LeadPhase.Queued && lead.PromisedBy <= picture.Now && !lead.PromiseBroken;
            if (broken) yield return $"{id} was promised by {lead.PromisedBy:O}, and nobody says that it is broken";
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
