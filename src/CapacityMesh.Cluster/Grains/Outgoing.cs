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
/// next. To others, and whenever that failed, once it is durable: one after the other to each target, the next letters once the last ones' turns are durable.
/// Either way a pair's effects keep their order. Only the source sends its own effects, new ones and those that an earlier activation left in the outbox.
/// </summary>
internal sealed class Outgoing(ClusterServices services, Func<IGrainFactory> grains)
{
    // Each pause doubles: a store that is away for a minute costs a few calls, not thousands.
    private const int PauseDoublingsMax = 6;

    private readonly Dictionary<EntityId, Debt> debts = [];
    private bool isClosed;

    /// <summary>A turn was taken: hands over what may go at once.</summary>
    public void Begin(PendingTurn turn)
    {
        if (isClosed) return;
        for (var ordinal = 0; ordinal < turn.Turn.Effects.Count; ordinal++)
        {
            if (turn.Turn.Effects[ordinal] is not Effect.Send send) continue;
            var debt = DebtTo(send.Target);
            var id = IdOf(turn, ordinal);
            if (debt.MayHand && TryHand(debt, new HandedEffect(id, new Envelope(send.Target, send.Command, new Cause.Effect(id), send.Ask), turn, debt.LastHanded))) continue;
            debt.Unsettled++;
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
            if (turn.Turn.Effects[ordinal] is not Effect.Send send || !debts.TryGetValue(send.Target, out var debt)) continue;
            var id = IdOf(turn, ordinal);
            var effect = Find(owed, id);
            if (debt.Handed(id) is not { } handed)
            {
                debt.Unsettled--;
                if (effect is { } waits) debt.Add(waits);
            }
            else if (effect is { } written && !handed.IsDone)
            {
                _ = WatchAsync(debt, handed, written);
                continue;
            }
            else
            {
                debt.Forget(handed);
            }
            Continue(debt);
        }
    }

    /// <summary>Sends what was found in the outbox; what is on its way already is left out.</summary>
    public void Resume(IReadOnlyList<StoredEffect> owed)
    {
        foreach (var effect in owed)
        {
            if (!isClosed && (effect.IsReport || DebtTo(effect.Target).Handed(effect.Id) is null)) Add(effect);
        }
    }

    /// <summary>Sends no more: another activation does.</summary>
    public void Close() => isClosed = true;

    private void Add(StoredEffect effect)
    {
        var debt = DebtTo(effect.Target);
        debt.Add(effect);
        Continue(debt);
    }

    private bool TryHand(Debt debt, HandedEffect effect)
    {
        if (!services.Mailboxes.ToFind(debt.Target, grains()).TryPost(effect)) return false;
        services.CountHanded();
        debt.Hand(effect);
        return true;
    }

    // Written, since its turn was not in the same batch: that one takes the row away, or, refused, leaves it to be sent.
    private async Task WatchAsync(Debt debt, HandedEffect handed, StoredEffect written)
    {
        await handed.Fate;
        debt.Forget(handed);
        if (handed.IsRefused && !isClosed) debt.Add(written);
        Continue(debt);
    }

    private void Continue(Debt debt)
    {
        if (isClosed) return;
        if (debt.IsIdle) debts.Remove(debt.Target);
        else if (debt.Count > 0 && !debt.IsRunning) _ = RunAsync(debt);
    }

    private async Task RunAsync(Debt debt)
    {
        debt.IsRunning = true;
        // What the same commit brought for this target goes along.
        await Task.Yield();
        var (failures, pauses) = (0, 0);
        while (debt.Count > 0 && !isClosed)
        {
            var reply = await SendAsync(debt);
            if (reply.Done > 0) (failures, pauses) = (0, 0);
            if (reply.Stop is DeliveryStop.None || isClosed) continue;
            if (reply.Stop is DeliveryStop.Failed && ++failures >= services.Limits.EffectAttemptsMax)
            {
                if (await ParkAsync(debt.First, reply.Why ?? "The target failed.")) debt.DropFirst(debt.First.Id);
                continue;
            }
            await Task.Delay(services.Limits.RetryDelay * (reply.Stop is DeliveryStop.Failed ? 1 << (failures - 1) : (1 << pauses) / 8.0));
            pauses = Math.Min(pauses + 1, PauseDoublingsMax);
        }
        debt.IsRunning = false;
        Continue(debt);
    }

    private async Task<DeliveryReply> SendAsync(Debt debt)
    {
        var letters = debt.Begin(services.Limits.LettersMax);
        try
        {
            var reply = await grains().MailboxOf(debt.Target).DeliverAsync([.. letters.Select(EffectLetter.Of)]);
            debt.End(reply.Done);
            services.CountSent(reply.Done);
            return reply;
        }
#pragma warning disable CA1031 // The target's silo is gone, or does not answer: whatever became of it, its rows tell, and a repeat does nothing.
        catch (Exception)
#pragma warning restore CA1031
        {
            debt.End(0);
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

    private Debt DebtTo(EntityId target)
    {
        ref var debt = ref CollectionsMarshal.GetValueRefOrAddDefault(debts, target, out _);
        return debt ??= new Debt(target);
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
