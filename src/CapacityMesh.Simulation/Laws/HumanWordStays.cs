using CapacityMesh.Core.Feedback;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 9: a human's pause stays until it ends, we resume only what we paused, and what needs approval waits for it.</summary>
public sealed class HumanWordStays : ILaw
{
    /// <inheritdoc/>
    public string Name => "a human's word stays";

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn is not { Before: CampaignState before, After: CampaignState after }) yield break;
        var asked = turn.Command is CampaignCommand.Hold;
        if (before.Hold is { } hold && !asked && !(hold.Until <= turn.At) && after.Hold != hold) yield return $"{turn.Entity.Key} forgot that a human said {hold.Action}";
        if (after.Hold is { } word && after.Signal.Action != word.Action) yield return $"{turn.Entity.Key} is to {word.Action} by a human's word, and does {after.Signal.Action}";
        if (after.Profile.Mode is SpendMode.Propose && turn.Any<CampaignEvent.SignalChanged>() && !asked && turn.Command is not CampaignCommand.Approve && after.Hold is null)
        {
            yield return $"{turn.Entity.Key} changed its signal, and nobody approved";
        }
    }
}
