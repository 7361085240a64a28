using CapacityMesh.Cluster.Edge;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster.Grains;

/// <summary>
/// Sends what an entity owes. One lane for each target: the next letters go once the last ones' turns are durable, so a pair's effects keep their
/// order, whichever silo either end is on. Only the source sends its own effects, new ones and those that an earlier activation left in the outbox.
/// </summary>
internal sealed class Outgoing(ClusterServices services, Func<IGrainFactory> grains)
{
    // Each pause doubles: a store that is away for a minute costs a few calls, not thousands.
    private const int PauseDoublingsMax = 6;

    private readonly Dictionary<EntityId, Lane> lanes = [];
    private bool isClosed;

    /// <summary>Sends an effect that is durable now.</summary>
    public void Add(StoredEffect effect)
    {
        if (isClosed) return;
        if (!lanes.TryGetValue(effect.Target, out var lane))
        {
            lanes[effect.Target] = lane = new Lane(effect.Target);
            lane.Add(effect);
            _ = RunAsync(lane);
        }
        else
        {
            lane.Add(effect);
        }
    }

    /// <summary>Sends what was found in the outbox; what is on its way already is left out.</summary>
    public void Resume(IReadOnlyList<StoredEffect> owed)
    {
        foreach (var effect in owed) Add(effect);
    }

    /// <summary>Sends no more: another activation does.</summary>
    public void Close() => isClosed = true;

    private async Task RunAsync(Lane lane)
    {
        // What the same commit brought for this target goes along.
        await Task.Yield();
        var (failures, pauses) = (0, 0);
        while (lane.Count > 0 && !isClosed)
        {
            var reply = await SendAsync(lane);
            if (reply.Done > 0) (failures, pauses) = (0, 0);
            if (reply.Stop is DeliveryStop.None || isClosed) continue;
            if (reply.Stop is DeliveryStop.Failed && ++failures >= services.Limits.EffectAttemptsMax)
            {
                if (await ParkAsync(lane.First, reply.Why ?? "The target failed.")) lane.DropFirst(lane.First.Id);
                continue;
            }
            await Task.Delay(services.Limits.RetryDelay * (reply.Stop is DeliveryStop.Failed ? 1 << (failures - 1) : (1 << pauses) / 8.0));
            pauses = Math.Min(pauses + 1, PauseDoublingsMax);
        }
        lanes.Remove(lane.Target);
    }

    private async Task<DeliveryReply> SendAsync(Lane lane)
    {
        var letters = lane.Begin(services.Limits.LettersMax);
        try
        {
            var reply = await grains().MailboxOf(lane.Target).DeliverAsync([.. letters.Select(EffectLetter.Of)]);
            lane.End(reply.Done);
            return reply;
        }
#pragma warning disable CA1031 // The target's silo is gone, or does not answer: whatever became of it, its rows tell, and a repeat does nothing.
        catch (Exception)
#pragma warning restore CA1031
        {
            lane.End(0);
            return new DeliveryReply(0, DeliveryStop.Again);
        }
    }

    // Later effects of the pair pass: one bad message must not stop an entity for ever.
    private async Task<bool> ParkAsync(StoredEffect effect, string why)
    {
        try
        {
            await services.Journal.ParkAsync(effect.Id, why, CancellationToken.None);
            if (AskOf(effect) is { } ask) Answers.GiveUp(grains(), ask, why);
            return true;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }

    private static Ask? AskOf(StoredEffect effect)
    {
        try
        {
            return EffectCodec.Decode(effect.Target, effect.Payload).Ask;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Effects of one pair, in their order; the first of them may be on their way.</summary>
    private sealed class Lane(EntityId target)
    {
        private readonly List<StoredEffect> effects = [];
        private readonly HashSet<EffectId> known = [];
        private int underWay;

        public EntityId Target => target;

        public int Count => effects.Count;

        public StoredEffect First => effects[0];

        public void Add(StoredEffect effect)
        {
            if (!known.Add(effect.Id)) return;
            if (effect.IsReport) DropOlderReport();
            // Made by an earlier activation and found only now: before everything that was made since.
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
}
