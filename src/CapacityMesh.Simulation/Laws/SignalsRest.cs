using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 9 and the design's guard rails: the plan changes a signal no sooner than its dwell allows, and no more often than the hour's limit.</summary>
public sealed class SignalsRest : ILaw
{
    /// <inheritdoc/>
    public string Name => "signals rest";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn is not { Before: CampaignState before, After: CampaignState after } || !turn.Any<CampaignEvent.SignalChanged>()) yield break;
        // A human's word waits for nobody.
        if (turn.Command is CampaignCommand.Approve || after.Hold is not null) yield break;
        if (before is { ChangesTotal: > 0, IsPausedBeforeItBegan: false, Since: { } since } && turn.At < since + after.Profile.MinDwell) yield return $"{turn.Entity.Key} changed {turn.At - since} after its last signal";
        var recent = before.Changes.Count(c => c > turn.At.AddHours(-1));
        if (recent >= after.Profile.ChangesPerHour) yield return $"{turn.Entity.Key} changed {recent + 1} times in an hour";
        foreach (var changed in turn.Events.OfType<CampaignEvent.SignalChanged>())
        {
            var step = before.Signal is { Action: SpendAction.Ease } ? changed.Signal.Multiplier / before.Signal.Multiplier : 1;
            if (changed.Signal.Action is not SpendAction.Pause && (step > SignalPolicy.StepUpMax + 0.05m || step < SignalPolicy.StepDownMin - 0.05m)) yield return $"{turn.Entity.Key} stepped from {before.Signal.Multiplier} to {changed.Signal.Multiplier}";
        }
    }
}
