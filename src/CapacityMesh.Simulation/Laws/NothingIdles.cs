using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 7: capacity that came back is used. No pool could hand out a lead and does not, and no pool's picture of its people and slots is wrong.</summary>
public sealed class NothingIdles : ILaw
{
    /// <inheritdoc/>
    public string Name => "nothing idles";

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (pool, state) in picture.Pools)
        {
            if (Matching.Next(state, picture.Now) is { } match && HasNoTimer(picture, pool)) yield return $"{pool} could hand {match.Lead.LeadId} to {match.Holder}";
            foreach (var (person, report) in state.Members)
            {
                if (picture.People.GetValueOrDefault(person) is not { } truth) continue;
                if (!truth.Profile.Pools.Contains(pool)) yield return $"{pool} counts on {person}, who does not serve it";
                else if (report.Free != SalespersonCapacity.FreePlaces(truth)) yield return $"{pool} believes {person} has {report.Free} places; there are {SalespersonCapacity.FreePlaces(truth)}";
            }
            foreach (var (slot, report) in state.Slots)
            {
                var truth = picture.Slots.GetValueOrDefault(slot);
                if (truth is null || truth.Pool != pool || report != new SlotReport(truth.Phase, truth.StartsAt, truth.EndsAt)) yield return $"{pool} believes {slot} is {report.Phase}; it is {truth?.Phase.ToString() ?? "unknown"}";
            }
        }
    }

    // More than one turn hands out: the next one is due at once, and looks again.
    private static bool HasNoTimer(MeshPicture picture, string pool) =>
        !picture.Timers.Any(t => t.Entity == new EntityId(picture.Workspace, EntityKind.Pool, pool) && t.Due <= picture.Now);
}
