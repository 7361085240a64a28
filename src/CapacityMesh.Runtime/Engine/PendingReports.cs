using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Engine;

/// <summary>
/// Reports that wait for their turn: the newest of each (source, target), in the order in which the pairs first had one. One whose target is not in
/// memory stays here until it is: only here can a newer one take its place, and the journal keeps one row per pair as well.
/// </summary>
internal sealed class PendingReports
{
    private readonly Dictionary<(EntityId Source, EntityId Target), Pending> pending = [];
    private readonly Queue<(EntityId Source, EntityId Target)> order = new();
    private readonly Dictionary<EntityId, List<(EntityId Source, EntityId Target)>> unloaded = [];

    /// <summary>Whether one waits whose target may be in memory.</summary>
    public bool AnyReady => order.Count > 0;

    public void Put(Batch batch, EffectId id, Effect.Report report)
    {
        var key = (id.Source, report.Target);
        var envelope = new Envelope(report.Target, report.Command, new Cause.Effect(id));
        if (!pending.TryGetValue(key, out var before))
        {
            order.Enqueue(key);
            pending[key] = new Pending(id, envelope, []);
        }
        else
        {
            // The older one was either never written, or its row goes with the newer one.
            var superseded = batch.DropReport(before.Id) ? before.Superseded : [.. before.Superseded, before.Id];
            pending[key] = new Pending(id, envelope, superseded);
        }
        batch.AddEffect(id, envelope, isReport: true);
    }

    /// <summary>A report found in the journal. The newer one of the pair wins, this one or one decided since.</summary>
    public void Resume(EffectId id, Envelope envelope)
    {
        var key = (id.Source, envelope.Target);
        if (!pending.TryGetValue(key, out var known)) order.Enqueue(key);
        else if ((known.Id.Version, known.Id.Ordinal).CompareTo((id.Version, id.Ordinal)) >= 0) return;
        pending[key] = new Pending(id, envelope, []);
    }

    /// <summary>Takes the next report whose target is in memory; names, one after the other, targets that have to be loaded.</summary>
    public bool TryTake(Func<EntityId, bool> isLive, Action<EntityId> load, out Envelope envelope)
    {
        while (order.TryDequeue(out var key))
        {
            if (isLive(key.Target))
            {
                pending.Remove(key, out var next);
                envelope = next!.Superseded.Length == 0 ? next.Envelope : next.Envelope with { Cause = new Cause.Effect(next.Id, next.Superseded) };
                return true;
            }
            if (!unloaded.TryGetValue(key.Target, out var waiting)) unloaded[key.Target] = waiting = [];
            waiting.Add(key);
            load(key.Target);
        }
        envelope = null!;
        return false;
    }

    /// <summary>The target is in memory now.</summary>
    public void Loaded(EntityId target)
    {
        if (!unloaded.Remove(target, out var waiting)) return;
        foreach (var key in waiting) order.Enqueue(key);
    }

    /// <summary>The target cannot be loaded: what was written for it stays in the journal.</summary>
    public void LoadFailed(EntityId target)
    {
        if (!unloaded.Remove(target, out var waiting)) return;
        foreach (var key in waiting) pending.Remove(key);
    }

    /// <summary>The batch was sealed with the newest reports in it: the journal drops the rows that they replace.</summary>
    public void Sealed()
    {
        foreach (var (key, report) in pending.ToArray())
        {
            if (report.Superseded.Length > 0) pending[key] = report with { Superseded = [] };
        }
    }

    public void Clear()
    {
        pending.Clear();
        order.Clear();
        unloaded.Clear();
    }

    private sealed record Pending(EffectId Id, Envelope Envelope, EffectId[] Superseded);
}
