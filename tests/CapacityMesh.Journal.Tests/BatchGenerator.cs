using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

/// <summary>Batches from a seed (SplitMix64, so that a seed means the same on every machine): mostly right, now and then wrong in each way.</summary>
internal sealed class BatchGenerator(ulong seed)
{
    private ulong state = seed;

    public int Next(int below)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)below);
    }

    public CommitBatch Batch(NaiveModel model)
    {
        var batch = new CommitBatch();
        AddTurns(batch, model);
        AddOwed(batch, model);
        AddRows(batch);
        return batch;
    }

    private bool Rarely => Next(25) == 0;

    private EntityId Entity() => Next(4) == 0 ? Sales : Lead($"l{Next(5)}");

    private void AddTurns(CommitBatch batch, NaiveModel model)
    {
        for (var i = Next(3); i >= 0; i--)
        {
            var entity = Entity();
            if (batch.Appends.Exists(a => a.Entity == entity)) continue;
            var stored = model.VersionOf(entity);
            var expected = Rarely ? Math.Max(0, stored + Next(3) - 1) : stored;
            var version = expected + 1 + Next(3);
            batch.Appends.Add(Append(entity, expected, version, $"turns{Next(1000)}"));
            if (Next(4) == 0) batch.Snapshots.Add(new StoredSnapshot(entity, version, Bytes($"state{Next(1000)}")));
            for (var ordinal = Next(3); ordinal > 0; ordinal--)
            {
                batch.EffectsAdded.Add(new StoredEffect(0, new EffectId(entity, version, ordinal), Entity(), Next(2) == 0, Bytes($"effect{Next(1000)}")));
            }
        }
    }

    private void AddOwed(CommitBatch batch, NaiveModel model)
    {
        var left = Entity();
        if (Next(3) == 0 && !batch.Appends.Exists(a => a.Entity == left)) batch.Unchanged.Add(new EntityVersion(left, model.VersionOf(left) + (Rarely ? 1 : 0)));
        for (var i = Next(3); i > 0 && model.Waiting.Count > 0; i--)
        {
            var id = model.Waiting[Next(model.Waiting.Count)].Id;
            if (Rarely || !batch.EffectsConsumed.Contains(id)) batch.EffectsConsumed.Add(Rarely ? id with { Ordinal = 99 } : id);
        }
        if (Next(3) == 0 && model.Timers.Count > 0)
        {
            var timer = model.Timers[Next(model.Timers.Count)];
            batch.TimersConsumed.Add(Rarely ? timer with { Due = timer.Due.AddTicks(1) } : timer);
        }
        for (var i = Next(3); i > 0; i--) batch.TimersSet.Add(Timer(Entity(), $"t{Next(3)}", Next(30)));
        if (Next(4) == 0) batch.TimersCleared.Add(new TimerId(Entity(), $"t{Next(3)}"));
    }

    private void AddRows(CommitBatch batch)
    {
        if (Next(6) == 0) batch.Requests.Add(Next(3) == 0 ? Open($"k{Next(4)}", Next(2) == 0 ? "now" : null) : Reply($"k{Next(4)}", $"reply{Next(9)}"));
        if (Next(5) == 0) batch.Claims.Add(Claim($"i{Next(4)}", $"c{Next(2)}"));
        if (Next(9) == 0) batch.Claims.Add(Claim($"i{Next(4)}", $"c{Next(2)}"));
        if (Next(7) == 0) batch.ClaimsDropped.Add((Workspace, $"c{Next(2)}"));
        for (var i = Next(4); i > 0; i--)
        {
            batch.Rows.Add(Next(4) == 0 ? Delete($"c{Next(3)}", Next(2) == 0 ? "" : $"item{Next(3)}") : Put($"c{Next(3)}", Next(4) == 0 ? "" : $"item{Next(3)}", $"value{Next(1000)}"));
        }
        if (Next(3) == 0) batch.Leads.Add(Row($"l{Next(5)}", $"s{Next(3)}", Next(3) == 0 ? null : $"p{Next(2)}", $"m{Next(2)}", Next(2) == 0 ? "ida" : null, Next(4) == 0));
    }
}
