using System.Text;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using static CapacityMesh.Journal.Tests.Samples;

namespace CapacityMesh.Journal.Tests;

/// <summary>Everything that a journal shows of the sample workspace, as text: two images are equal when nothing differs.</summary>
internal static class StoreImage
{
    public static readonly string[] RequestKeys = ["taken", "free", "fresh", "k0", "k1", "k2", "k3"];
    public static readonly string[] Identities = ["mail", "new", "fresh", "i0", "i1", "i2", "i3"];

    public static async Task<string> OfAsync(IJournal journal)
    {
        var image = new StringBuilder();
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            foreach (var key in await journal.KeysAsync(Workspace, kind, null, 1_000, default)) await AddEntityAsync(image, journal, new EntityId(Workspace, kind, key));
        }
        // Sequences rise alike everywhere but need not be the same numbers: their order is what counts.
        foreach (var effect in await journal.OutboxAsync(0, 1_000, default)) Add(image, effect);
        foreach (var parked in await journal.ParkedAsync(1_000, default))
        {
            image.Append("parked: ").Append(parked.Reason).Append(' ');
            Add(image, parked.Effect);
        }
        foreach (var timer in await journal.TimersAsync(DateTimeOffset.MaxValue, 1_000, default)) image.Append(timer).Append('\n');
        foreach (var key in RequestKeys)
        {
            if (await journal.RequestAsync(Workspace, key, default) is not { } request) continue;
            image.Append("request ").Append(key).Append(request.BodyHash).Append(request.At.UtcTicks).Append(request.Reply is { } reply ? Text(reply) : "-").Append('\n');
        }
        foreach (var identity in Identities) image.Append(identity).Append('=').Append(await journal.IdentityAsync(Workspace, identity, default)).Append('\n');
        foreach (var row in await journal.Rows.ListAsync(Workspace, RowTables.Vault, null, null, 1_000, default)) image.Append(row.Key).Append(Text(row.Value)).Append('\n');
        foreach (var lead in await journal.LeadsAsync(new LeadQuery(Workspace, Limit: 500), default)) image.Append(lead).Append('\n');
        return image.ToString();
    }

    private static async Task AddEntityAsync(StringBuilder image, IJournal journal, EntityId entity)
    {
        var stored = (await journal.LoadAsync(entity, default))!;
        image.Append(entity).Append('@').Append(stored.Version);
        if (stored.Snapshot is { } snapshot) image.Append(" snapshot ").Append(snapshot.Version).Append(Text(snapshot.State));
        foreach (var turns in stored.Tail) image.Append(" tail ").Append(turns.FirstVersion).Append('-').Append(turns.Version);
        foreach (var turns in await journal.HistoryAsync(entity, 0, 1_000, default)) image.Append(' ').Append(turns.FirstVersion).Append(Text(turns.Turns));
        image.Append('\n');
    }

    private static void Add(StringBuilder image, StoredEffect effect) =>
        image.Append("effect ").Append(effect.Id).Append(" to ").Append(effect.Target).Append(effect.IsReport).Append(Text(effect.Payload)).Append('\n');
}
