using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Cluster.Handover;

/// <summary>The mailboxes of this silo's activations.</summary>
internal sealed class SiloMailboxes
{
    private readonly ConcurrentDictionary<EntityId, Mailbox> open = new();

    /// <summary>Entities with a mailbox here.</summary>
    public ICollection<EntityId> Entities => open.Keys;

    /// <summary>
    /// The mailbox of an entity that is here, or may be expected here. One that has no activation is woken: a lead that is just being opened comes to
    /// life where its workspace is. Comes to life elsewhere, what was handed to it is refused, and goes the usual way.
    /// </summary>
    public Mailbox ToFind(EntityId entity, IGrainFactory grains)
    {
        if (open.TryGetValue(entity, out var found)) return found;
        var expected = new Mailbox();
        if (!open.TryAdd(entity, expected)) return ToFind(entity, grains);
        _ = WakeAsync(entity, expected, grains);
        return expected;
    }

    /// <summary>An activation takes from here on.</summary>
    public Mailbox Open(EntityId entity, TaskScheduler on, Func<HandedEffect, Task> take)
    {
        var mailbox = open.GetOrAdd(entity, _ => new Mailbox());
        mailbox.Open(on, take);
        return mailbox;
    }

    /// <summary>It takes no more.</summary>
    public void Close(EntityId entity, Mailbox mailbox)
    {
        open.TryRemove(KeyValuePair.Create(entity, mailbox));
        mailbox.Close();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever kept it from waking, its effects go the usual way.")]
    private async Task WakeAsync(EntityId entity, Mailbox expected, IGrainFactory grains)
    {
        try
        {
            await grains.MailboxOf(entity).WakeAsync();
        }
        catch (Exception)
        {
            // As if it were elsewhere.
        }
        if (!expected.IsOpen) Close(entity, expected);
    }
}
