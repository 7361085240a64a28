using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Engine;

/// <summary>Reports that wait for their turn: the newest of each (source, target), in the order in which the pairs first had one.</summary>
internal sealed class PendingReports
{
    private readonly Dictionary<(EntityId Source, EntityId Target), Pending> pending = [];
    private readonly Queue<(EntityId Source, EntityId Target)> order = new();

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

    public bool TryTake(out Envelope envelope)
    {
        if (!order.TryDequeue(out var key))
        {
            envelope = null!;
            return false;
        }
        pending.Remove(key, out var next);
        envelope = next!.Superseded.Length == 0 ? next.Envelope : next.Envelope with { Cause = new Cause.Effect(next.Id, next.Superseded) };
        return true;
    }

    /// <summary>The batch was sealed with the newest reports in it: the journal drops the rows that they replace.</summary>
    public void Sealed()
    {
        foreach (var (key, report) in pending.ToArray()) pending[key] = report with { Superseded = [] };
    }

    public void Clear()
    {
        pending.Clear();
        order.Clear();
    }

    private sealed record Pending(EffectId Id, Envelope Envelope, EffectId[] Superseded);
}
