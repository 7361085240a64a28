using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Simulation.Laws;

/// <summary>Law 4: a hold lapses by the slot's own deadline.</summary>
public sealed class HoldLapses : ILaw
{
    /// <inheritdoc/>
    public string Name => "a hold lapses";

    private readonly Dictionary<EntityId, SlotState> slots = [];
    private readonly List<StoredTimer> elapsed = [];

    // What a hold's timer did is seen once the commit that consumed it is over: with the next one.
    /// <inheritdoc/>
    public IEnumerable<string> OnCommit(CommitSeen commit)
    {
        foreach (var timer in elapsed)
        {
            if (slots.GetValueOrDefault(timer.Entity) is { Phase: SlotPhase.Held } slot && slot.HeldUntil <= timer.Due) yield return $"{timer.Entity.Key} is still held after its hold ended at {timer.Due:O}";
        }
        elapsed.Clear();
        elapsed.AddRange(commit.Written.TimersConsumed.Where(t => t.Name == SlotTimers.Hold));
    }

    /// <inheritdoc/>
    public IEnumerable<string> OnTurn(TurnSeen turn)
    {
        if (turn.After is SlotState newest) slots[turn.Entity] = newest;
        if (turn is not { After: SlotState after, Command: SlotCommand.Hold hold } || !turn.Any<SlotEvent.Held>()) yield break;
        if (after.HeldUntil is not { } until || until > turn.At + hold.For || until > after.EndsAt) yield return $"{turn.Entity.Key} is held until {after.HeldUntil:O}, longer than asked or than it lasts";
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        var timers = picture.Timers.ToHashSet();
        foreach (var (slot, state) in picture.Slots)
        {
            if (state.Phase is not SlotPhase.Held) continue;
            var entity = new EntityId(picture.Workspace, EntityKind.DeliverySlot, slot);
            if (state.HeldUntil is not { } until || !timers.Contains(new StoredTimer(entity, SlotTimers.Hold, until))) yield return $"{slot} is held until {state.HeldUntil:O} and its timer says otherwise";
            else if (until <= picture.Now) yield return $"{slot} is still held, and its hold ended at {until:O}";
        }
    }
}
