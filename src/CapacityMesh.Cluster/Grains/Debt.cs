using CapacityMesh.Cluster.Handover;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster.Grains;

/// <summary>What one entity owes another, in the order in which it was made: first what was handed over, then what waits to be sent.</summary>
internal sealed class Debt(EntityId target)
{
    private readonly List<StoredEffect> effects = [];
    private readonly HashSet<EffectId> known = [];
    private List<HandedEffect>? handed;
    private int underWay;

    public EntityId Target => target;

    /// <summary>Effects that wait to be sent, or are being sent.</summary>
    public int Count => effects.Count;

    public StoredEffect First => effects[0];

    /// <summary>Somebody sends from it.</summary>
    public bool IsRunning { get; set; }

    /// <summary>Effects that were not handed over and whose turns are not durable yet.</summary>
    public int Unsettled { get; set; }

    /// <summary>The last that was handed over and whose fate is not known to the source.</summary>
    public HandedEffect? LastHanded => handed is { Count: > 0 } ? handed[^1] : null;

    /// <summary>Whether an effect that is handed over overtakes none.</summary>
    public bool MayHand => !IsRunning && Unsettled == 0 && effects.Count == 0 && LastHanded is not { IsRefused: true };

    /// <summary>Nothing is owed, and nothing is on its way.</summary>
    public bool IsIdle => !IsRunning && Unsettled == 0 && effects.Count == 0 && handed is not { Count: > 0 };

    public void Hand(HandedEffect effect) => (handed ??= new(1)).Add(effect);

    /// <summary>An effect that was handed over and whose fate is not known to the source.</summary>
    public HandedEffect? Handed(EffectId id)
    {
        for (var i = 0; handed is not null && i < handed.Count; i++)
        {
            if (handed[i].Id == id) return handed[i];
        }
        return null;
    }

    public void Forget(HandedEffect effect) => handed!.Remove(effect);

    public void Add(StoredEffect effect)
    {
        if (!known.Add(effect.Id)) return;
        if (effect.IsReport) DropOlderReport();
        // Made by an earlier activation, or refused, and found only now: before everything that was made since.
        var at = effects.Count;
        while (at > underWay && IsBefore(effect.Id, effects[at - 1].Id)) at--;
        effects.Insert(at, effect);
    }

    public List<StoredEffect> Begin(int max)
    {
        underWay = Math.Min(max, effects.Count);
        return effects.GetRange(0, underWay);
    }

    public void End(int done)
    {
        foreach (var effect in effects.Take(done)) known.Remove(effect.Id);
        effects.RemoveRange(0, done);
        underWay = 0;
    }

    public void DropFirst(EffectId id)
    {
        if (effects.Count == 0 || effects[0].Id != id) return;
        known.Remove(id);
        effects.RemoveAt(0);
    }

    private void DropOlderReport()
    {
        var older = effects.FindIndex(underWay, e => e.IsReport);
        if (older < 0) return;
        known.Remove(effects[older].Id);
        effects.RemoveAt(older);
    }

    private static bool IsBefore(EffectId x, EffectId y) => x.Version < y.Version || (x.Version == y.Version && x.Ordinal < y.Ordinal);
}
