using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 6: counters equal a recount of all leads, in pools, in Flow, and by campaign.</summary>
public sealed class CountsRecount : ILaw
{
    /// <inheritdoc/>
    public string Name => "counts";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var (leads, flow) = (picture.Leads, picture.Flow);
        if (HeadroomModel.OnTheWay(flow) != 0) yield return $"{HeadroomModel.OnTheWay(flow)} leads are on the way to their first pool, at rest";
        foreach (var (pool, state) in picture.Pools)
        {
            foreach (var counts in state.Stages.Values)
            {
                var here = leads.Values.Where(l => l.Pool == pool && l.Stage == counts.Stage).ToArray();
                var recount = (here.Count(l => l.Phase is LeadPhase.Queued), here.Count(l => l.Phase is LeadPhase.Offered or LeadPhase.Held), here.Count(l => l.Phase is LeadPhase.Working or LeadPhase.Booked or LeadPhase.Started));
                if (recount != (counts.Queued, counts.Placed, counts.Working)) yield return $"{pool}/{counts.Stage} counts {(counts.Queued, counts.Placed, counts.Working)}, leads say {recount}";
                var told = flow.Pools.GetValueOrDefault(pool)?.Stages.FirstOrDefault(s => s.Stage == counts.Stage);
                if (told != counts) yield return $"Flow has {told} of {pool}, which has {counts}";
            }
        }
        if (flow.Totals.Captured < leads.Count) yield return $"Flow counts {flow.Totals.Captured} arrivals for {leads.Count} leads";
        var admitted = leads.Values.Count(l => l.StageIndex >= 0);
        if (flow.Totals.Admitted != admitted) yield return $"Flow counts {flow.Totals.Admitted} admitted leads, there are {admitted}";
        foreach (var (campaign, state) in picture.Campaigns)
        {
            var captured = leads.Values.Count(l => l.Campaign == campaign);
            if (state.CountOf(Outcome.Captured) != captured) yield return $"campaign {campaign} counts {state.CountOf(Outcome.Captured)} leads, there are {captured}";
        }
    }
}
