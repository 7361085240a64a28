using CapacityMesh.Core.Feedback;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 9: the spend table's version rises with every change of a signal; after quiet it holds each campaign's last one, which is what platforms are told.</summary>
public sealed class SignalsRise : ILaw
{
    /// <inheritdoc/>
    public string Name => "signals rise";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn is not { Before: FlowState before, After: FlowState after }) yield break;
        if (after.SpendVersion < before.SpendVersion) yield return $"the spend table went from version {before.SpendVersion} back to {after.SpendVersion}";
        foreach (var (campaign, line) in after.Campaigns)
        {
            var changed = before.Campaigns.GetValueOrDefault(campaign) is not { } old || !old.Signal.SameAs(line.Signal);
            if (changed && after.SpendVersion == before.SpendVersion) yield return $"{campaign} changed its signal and the table is still at version {after.SpendVersion}";
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (campaign, state) in picture.Campaigns)
        {
            if (!state.IsConfigured) continue;
            var line = picture.Flow.Campaigns.GetValueOrDefault(campaign);
            if (line is null || !line.Signal.SameAs(state.Signal) || line.Hold != state.Hold || line.Proposed != state.Proposed) yield return $"{campaign} is told {line?.Signal.Action} and its signal is {state.Signal.Action}";
        }
    }
}
