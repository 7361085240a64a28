using System.Runtime.InteropServices;
using CapacityMesh.Cluster.Edge;
using CapacityMesh.Cluster.Handover;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Cluster.Grains;

/// <summary>
/// Brings what an entity's turns owe to their targets. To a target of this silo at once, before it is durable: its turn joins the same batch, or the
/// next. To others, and whenever that failed, once it is durable: one lane for each target, the next letters once the last ones' turns are durable.
/// Either way a pair's effects keep their order. Only the source sends its own effects, new ones and those that an earlier activation left in the outbox.
/// </summary>
internal sealed class Outgoing(ClusterServices services, Func<IGrainFactory> grains)
{
    // Each pause doubles: a store that is away for a minute costs a few calls, not thousands.
    private const int PauseDoublingsMax = 6;

    private readonly Dictionary<EntityId, Lane> lanes = [];
    private bool isClosed;

    /// <summary>A turn was taken: hands over what may go at once.</summary>
    public void Begin(PendingTurn turn)
    {
        if (isClosed) return;
        for (var ordinal = 0; ordinal < turn.Turn.Effects.Count; ordinal++)
        {
            if (turn.Turn.Effects[ordinal] is not Effect.Send send) continue;
            var lane = LaneTo(send.Target);
            var id = IdOf(turn, ordinal);
            if (lane.MayHand && TryHand(lane, new HandedEffect(id, new Envelope(send.Target, send.Command, new Cause.Effect(id), send.Ask), turn, lane.LastHanded))) continue;
            lane.Unsettled++;
        }
    }

    /// <summary>The turn is durable, and these effects of it were written: sends what was not taken at once.</summary>
    public void End(PendingTurn turn, TurnFate fate)
    {
        if (isClosed) return;
        var owed = fate is TurnFate.Committed committed ? committed.Effects : [];
        foreach (var report in owed)
        {
            if (report.IsReport) Add(report);
        }
        for (var ordinal = 0; ordinal < turn.Turn.Effects.Count; ordinal++)
        {
            if (turn.Turn.Effects[ordinal] is not Effect.Send send || !lanes.TryGetValue(send.Target, out var lane)) continue;
            var id = IdOf(turn, ordinal);
            var effect = Find(owed, id);
            if (lane.Handed(id) is not { } handed)
            {
                lane.Unsettled--;
                if (effect is { } waits) lane.Add(waits);
            }
            else if (effect is { } written && !handed.IsDone)
            {
                _ = WatchAsync(lane, handed, written);
                continue;
            }
            else
            {
                lane.Forget(handed);
            }
            Continue(lane);
        }
    }

    /// <summary>Sends what was found in the outbox; what is on its way already is left out.</summary>
    public void Resume(IReadOnlyList<StoredEffect> owed)
    {
        foreach (var effect in owed)
        {
            if (!isClosed && (effect.IsReport || LaneTo(effect.Target).Handed(effect.Id) is null)) Add(effect);
        }
    }

    /// <summary>Sends no more: another activation does.</summary>
    public void Close() => isClosed = true;

    private void Add(StoredEffect effect)
    {
        var lane = LaneTo(effect.Target);
        lane.Add(effect);
        Continue(lane);
    }

    private bool TryHand(Lane lane, HandedEffect effect)
    {
        if (!services.Mailboxes.ToFind(lane.Target, grains()).TryPost(effect)) return false;
        services.CountHanded();
        lane.Hand(effect);
        return true;
    }

    // Written, since its turn was not in the same batch: that one takes the row away, or, refused, leaves it to the lane.
    private async Task WatchAsync(Lane lane, HandedEffect handed, StoredEffect written)
    {
        await handed.Fate;
        lane.Forget(handed);
        if (handed.IsRefused && !isClosed) lane.Add(written);
        Continue(lane);
    }

    private void Continue(Lane lane)
    {
        if (isClosed) return;
        if (lane.IsIdle) lanes.Remove(lane.Target);
        else if (lane.Count > 0 && !lane.IsRunning) _ = RunAsync(lane);
    }

    private async Task RunAsync(Lane lane)
    {
        lane.IsRunning = true;
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
        lane.IsRunning = false;
        Continue(lane);
    }

    private async Task<DeliveryReply> SendAsync(Lane lane)
    {
        var letters = lane.Begin(services.Limits.LettersMax);
        try
        {
            var reply = await grains().MailboxOf(lane.Target).DeliverAsync([.. letters.Select(EffectLetter.Of)]);
            lane.End(reply.Done);
            services.CountSent(reply.Done);
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

    private Lane LaneTo(EntityId target)
    {
        ref var lane = ref CollectionsMarshal.GetValueRefOrAddDefault(lanes, target, out _);
        return lane ??= new Lane(target);
    }

    private static EffectId IdOf(PendingTurn turn, int ordinal) => new(turn.Turn.Entity.Id, turn.Turn.Version, ordinal);

    private static StoredEffect? Find(IReadOnlyList<StoredEffect> effects, EffectId id)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Id == id) return effects[i];
        }
        return null;
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
}
